using System.Runtime.InteropServices;

namespace Goodhart.Engine.Torch.Library;

/// <summary>How many GPUs there are, and how much memory one has: libtorch's C interface does not say, its driver does.</summary>
internal static unsafe class CudaMemory
{
    /// <param name="index">As the process sees the GPUs.</param>
    /// <returns>Bytes; null where the driver is not there or refuses.</returns>
    public static long? Total(int index)
    {
        if (!NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out nint driver)
            || !NativeLibrary.TryGetExport(driver, "cuInit", out nint start)
            || !NativeLibrary.TryGetExport(driver, "cuDeviceGet", out nint find)
            || !NativeLibrary.TryGetExport(driver, "cuDeviceTotalMem_v2", out nint ask))
        {
            return null;
        }

        int device;
        nuint bytes;
        return ((delegate* unmanaged<uint, int>)start)(0) == 0
            && ((delegate* unmanaged<int*, int, int>)find)(&device, index) == 0
            && ((delegate* unmanaged<nuint*, int, int>)ask)(&bytes, device) == 0
                ? (long)bytes
                : null;
    }

    /// <summary>As the process sees them; 0 where the driver is not there or refuses.</summary>
    public static int Count()
    {
        if (!NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out nint driver)
            || !NativeLibrary.TryGetExport(driver, "cuInit", out nint start)
            || !NativeLibrary.TryGetExport(driver, "cuDeviceGetCount", out nint ask))
        {
            return 0;
        }

        int count;
        return ((delegate* unmanaged<uint, int>)start)(0) == 0 && ((delegate* unmanaged<int*, int>)ask)(&count) == 0 ? count : 0;
    }
}
