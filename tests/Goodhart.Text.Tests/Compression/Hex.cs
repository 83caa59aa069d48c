namespace Goodhart.Text.Tests.Compression;

/// <summary>Bytes written as "28 B5 2F FD".</summary>
internal static class Hex
{
    public static byte[] Bytes(string text) => Convert.FromHexString(text.Replace(" ", string.Empty, StringComparison.Ordinal));
}
