using Goodhart.Engine.Torch.Library;
using Xunit;

namespace Goodhart.Engine.Torch.Tests;

/// <summary>Where libtorch is looked for, and what is said where it is not.</summary>
public sealed class TorchSearchTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("goodhart-torch").FullName;

    [Theory]
    [InlineData("")]
    [InlineData("lib")]
    [InlineData("torch/lib")]
    public void A_named_folder_may_be_the_librarys_or_a_packages(string below)
    {
        string place = Path.Combine(folder, below);
        Directory.CreateDirectory(place);
        File.WriteAllText(Path.Combine(place, TorchFiles.CpuName), "");
        Assert.Equal(Path.GetFullPath(place).TrimEnd('/'), TorchSearch.Find(folder).Folder.TrimEnd('/'));
    }

    [Fact]
    public void A_named_folder_without_it_is_refused_and_nothing_else_is_tried()
    {
        TorchUnavailableException thrown = Assert.Throws<TorchUnavailableException>(() => TorchSearch.Find(folder));
        Assert.Contains($"--libtorch {folder}: expected a folder with {TorchFiles.CpuName}", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_package_beside_the_program_is_found_last() =>
        Assert.True(File.Exists(Path.Combine(AppContext.BaseDirectory, TorchFiles.CpuName)), "The tests' package lies beside them.");

    [Fact]
    public void A_build_for_the_cpu_has_no_cuda()
    {
        TorchUnavailableException thrown = Assert.Throws<TorchUnavailableException>(() =>
            new TorchDevice(new TorchOptions { Folder = AppContext.BaseDirectory, CudaIndex = 0 }));
        Assert.Contains("is a build for the CPU", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("--device torch", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_library_cannot_be_loaded()
    {
        File.WriteAllText(Path.Combine(folder, TorchFiles.CpuName), "not a library");
        TorchUnavailableException thrown =
            Assert.Throws<TorchUnavailableException>(() => new TorchDevice(new TorchOptions { Folder = folder }));
        Assert.Contains("cannot be loaded", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_that_is_missing_is_named()
    {
        TorchExports exports = new(TorchSearch.Find(AppContext.BaseDirectory), cuda: false);
        TorchUnavailableException thrown = Assert.Throws<TorchUnavailableException>(() => exports["aoti_torch_no_such_function"]);
        Assert.Contains("no function aoti_torch_no_such_function: PyTorch 2.10 or newer", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Versions_are_compared_by_number()
    {
        Assert.Equal(new TorchVersion(2, 10, 1), TorchVersion.Unpack(0x020A_0100_0000_0000));
        Assert.True(new TorchVersion(2, 9, 1).IsBefore(TorchVersion.Least));
        Assert.False(new TorchVersion(2, 14, 0).IsBefore(TorchVersion.Least));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
