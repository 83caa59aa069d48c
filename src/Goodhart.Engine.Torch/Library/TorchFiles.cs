namespace Goodhart.Engine.Torch.Library;

/// <summary>The files of a libtorch by the operating system's names.</summary>
/// <param name="Folder">Where they lie.</param>
/// <param name="Found">How the folder was found, in words.</param>
public sealed record TorchFiles(string Folder, string Found)
{
    /// <summary>What every libtorch has.</summary>
    public static string CpuName { get; } = NameOf("torch_cpu");

    /// <summary>What one that is built for CUDA has besides.</summary>
    public static string CudaName { get; } = NameOf("torch_cuda");

    public string Cpu => Path.Combine(Folder, CpuName);

    public string Cuda => Path.Combine(Folder, CudaName);

    /// <summary>The library in a folder, in its <c>lib</c> or in a Python package's <c>torch/lib</c>; null: in none of them.</summary>
    public static TorchFiles? In(string folder, string found) =>
        new[] { folder, Path.Combine(folder, "lib"), Path.Combine(folder, "torch", "lib") }
            .Where(candidate => File.Exists(Path.Combine(candidate, CpuName)))
            .Select(candidate => new TorchFiles(Path.GetFullPath(candidate), found))
            .FirstOrDefault();

    private static string NameOf(string library) =>
        OperatingSystem.IsWindows() ? $"{library}.dll" : OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";
}
