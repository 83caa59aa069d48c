namespace Goodhart.Testing.Hub;

/// <summary>The accounts of the stand-in for the hub; other tokens are refused.</summary>
public static class HubTokens
{
    /// <summary>Everything is open to it.</summary>
    public const string Admitted = "hf_admitted";

    /// <summary>It sees what is public.</summary>
    public const string Stranger = "hf_stranger";
}
