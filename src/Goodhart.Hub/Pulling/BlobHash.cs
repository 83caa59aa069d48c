using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Goodhart.Hub.Pulling;

/// <summary>The hash by which the hub knows a file.</summary>
internal static class BlobHash
{
    private const int Sha256Digits = 64;

    /// <param name="expected">Its length says which hash it is: SHA-256, or git's of a blob.</param>
    /// <param name="size">Of the file: git hashes it with the content.</param>
    /// <returns>Lower-case hexadecimal digits.</returns>
    public static async Task<string> OfAsync(string path, string expected, long size, CancellationToken cancel)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(
            expected.Length == Sha256Digits ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1);
        if (expected.Length != Sha256Digits)
        {
            hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {size}\0")));
        }

        byte[] buffer = new byte[1 << 17];
        await using FileStream stream = File.OpenRead(path);
        int count;
        while ((count = await stream.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0)
        {
            hash.AppendData(buffer.AsSpan(0, count));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
