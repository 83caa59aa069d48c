using System.Runtime.InteropServices;

namespace Goodhart.Engine.Cpu;

/// <summary>
/// Asks Linux for pages of 2 MB, which it gives to who asks. A slab is then touched for the first time 512 times less often, and
/// the addresses of a training step fit into the processor's table of pages.
/// </summary>
internal static unsafe partial class LargePages
{
    public const int Size = 2 << 20;

    private const int MadvHugePage = 14;

    /// <summary>For the whole large pages of a range that starts at one; a wish: where the system has none, nothing changes.</summary>
    public static void Ask(void* address, long bytes)
    {
        if (OperatingSystem.IsLinux() && bytes >= Size)
        {
            _ = Advise(address, (nuint)(bytes & -Size), MadvHugePage);
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
