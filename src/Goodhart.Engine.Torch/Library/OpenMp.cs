using System.Runtime.InteropServices;

namespace Goodhart.Engine.Torch.Library;

/// <summary>How many threads libtorch computes with: OpenMP keeps the number for each thread that calls it.</summary>
internal sealed unsafe partial class OpenMp
{
    private readonly delegate* unmanaged<int, void> set;
    private readonly delegate* unmanaged<uint*, int> count;

    /// <param name="exports">OpenMP is found through the library that needs it: there may be several in a process.</param>
    public OpenMp(TorchExports exports)
    {
        set = (delegate* unmanaged<int, void>)exports.Find("omp_set_num_threads");
        count = (delegate* unmanaged<uint*, int>)exports.Find("torch_get_num_threads");
    }

    /// <summary>Before the library is loaded: the number that new threads start with.</summary>
    public static void Announce(int threads)
    {
        string count = threads.ToString(System.Globalization.CultureInfo.InvariantCulture);
        foreach (string name in new[] { "OMP_NUM_THREADS", "MKL_NUM_THREADS" })
        {
            // .NET keeps an environment of its own, which native code does not see.
            _ = OperatingSystem.IsWindows() ? SetWindows($"{name}={count}") : Set(name, count, overwrite: 1);
        }
    }

    /// <summary>For the calling thread.</summary>
    public void Use(int threads)
    {
        if (count is not null)
        {
            uint found;
            _ = count(&found);   // at a thread's first call libtorch sets a number itself: let it do so before ours
        }

        if (set is not null)
        {
            set(threads);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Set(string name, string value, int overwrite);

    [LibraryImport("ucrtbase", EntryPoint = "_putenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetWindows(string setting);
}
