namespace Goodhart.Hub.Requests;

/// <summary>The user's token, which is sent to the hub alone and never printed.</summary>
/// <param name="Origin">Where it comes from, for messages.</param>
internal sealed record HubToken(string Value, string Origin)
{
    /// <summary>Null where there is none, or none is to be sent.</summary>
    /// <exception cref="HubRefusedException">It has characters that no token has.</exception>
    public static HubToken? Of(HubSettings settings)
    {
        if (settings.Anonymous)
        {
            return null;
        }

        HubToken? token = settings.GivenToken is { } given
            ? new HubToken(given, "HF_TOKEN")
            : File.Exists(settings.TokenFile) ? new HubToken(File.ReadAllText(settings.TokenFile).Trim(), settings.TokenFile) : null;
        return token is null or { Value: "" } ? null
            : token.Value.All(character => character is > ' ' and < '\x7f') ? token
            : throw new HubRefusedException($"{token.Origin}: expected one token of the hub, found text with blanks or other characters.");
    }

    /// <summary>Not the token.</summary>
    public override string ToString() => Origin;
}
