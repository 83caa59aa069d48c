using System.Security.Cryptography;
using System.Text;

namespace Goodhart.Serve.Http;

/// <summary>What lets somebody in from elsewhere: 256 random bits, made anew for each process and stored nowhere.</summary>
internal sealed class AccessToken
{
    private readonly byte[] hash;

    public AccessToken()
    {
        Text = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        hash = SHA256.HashData(Encoding.UTF8.GetBytes(Text));
    }

    public string Text { get; }

    /// <summary>Takes as long for a wrong token as for the right one, whatever it begins with.</summary>
    public bool Is(string? text) =>
        text is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(text)), hash);
}
