using System.Globalization;

namespace Goodhart.Hub.Pulling;

/// <summary>Room for what is fetched.</summary>
internal static class DiskSpace
{
    private const int FullOnUnix = 28;
    private const int FullOnWindows = unchecked((int)0x80070070);

    /// <summary>Bytes that are free where a folder is; null where the system does not say.</summary>
    public static long? FreeAt(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception unknown) when (unknown is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether a write failed since there is no room.</summary>
    public static bool IsFull(IOException failure) => failure.HResult is FullOnUnix or FullOnWindows;

    public static IOException Full(string folder, IOException failure) => new(
        $"{folder}: the disk is full. Make room, or set HF_HUB_CACHE to a folder on another disk; the same command again goes on "
            + "where it was.",
        failure);

    /// <exception cref="IOException">Less is free than is needed.</exception>
    public static void Require(string folder, long needed, long? free)
    {
        if (free < needed)
        {
            throw new IOException(string.Create(
                CultureInfo.InvariantCulture,
                $"{folder}: {needed / 1e9:0.00} GB are to be fetched and {free / 1e9:0.00} GB are free. ")
                + "Make room, or set HF_HUB_CACHE to a folder on another disk.");
        }
    }
}
