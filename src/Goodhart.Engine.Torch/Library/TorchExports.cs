using System.Runtime.InteropServices;

namespace Goodhart.Engine.Torch.Library;

/// <summary>The loaded libraries of one libtorch, and functions by their names.</summary>
/// <remarks>Never unloaded: OpenMP's threads live in them.</remarks>
internal sealed class TorchExports
{
    private readonly nint[] libraries;

    /// <exception cref="TorchUnavailableException">A library cannot be loaded, is too old, or is not built for CUDA.</exception>
    public TorchExports(TorchFiles files, bool cuda)
    {
        Files = files;
        if (cuda && !File.Exists(files.Cuda))
        {
            throw new TorchUnavailableException(
                $"--device cuda: libtorch in {files.Folder} ({files.Found}) is a build for the CPU, without {TorchFiles.CudaName}. "
                + "Install a PyTorch for CUDA, name another with --libtorch DIR, or take --device torch.");
        }

        nint cpu = Load(files.Cpu);
        libraries = cuda ? [cpu, Load(files.Cuda)] : [cpu];
    }

    public TorchFiles Files { get; }

    /// <summary>Zero: there is none of this name.</summary>
    public nint Find(string name) => libraries
        .Select(library => NativeLibrary.TryGetExport(library, name, out nint function) ? function : 0)
        .FirstOrDefault(function => function != 0);

    /// <exception cref="TorchUnavailableException">There is none of this name.</exception>
    public nint this[string name] => Find(name) is not 0 and nint function ? function : throw new TorchUnavailableException(
        $"libtorch in {Files.Folder} ({Files.Found}) has no function {name}: PyTorch {TorchVersion.Least} or newer is needed. "
        + "Upgrade it, or name another with --libtorch DIR.");

    private nint Load(string path)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception fault) when (fault is DllNotFoundException or BadImageFormatException)
        {
            throw new TorchUnavailableException(
                $"libtorch in {Files.Folder} ({Files.Found}) cannot be loaded: {fault.Message.Trim()}", fault);
        }
    }
}
