using Goodhart.Engine;
using Goodhart.Engine.Cpu;
using Goodhart.Studies.Verification;
using Goodhart.Testing;
using Goodhart.Testing.Reference;
using Xunit;

namespace Goodhart.Studies.Tests.Verification;

public sealed class ModelVerificationTests
{
    [Theory]
    [InlineData("a-parallel-f32")]
    [InlineData("b-sequential-f32-sharded")]
    [InlineData("c-parallel-bf16")]
    [InlineData("d-sequential-f16-odd")]
    public void Every_golden_model_passes(string folder)
    {
        VerificationReport report = Run(folder, threads => new CpuDevice(threads));
        Assert.All(report.Checks, check => Assert.True(check.Passed, $"{check.Name}: {check.Figure}"));
        Assert.Equal(14, report.Checks.Count);
    }

    [Fact]
    public void A_device_that_computes_otherwise_with_other_threads_is_found()
    {
        VerificationReport report = Run("a-parallel-f32", threads => threads == 2 ? new CpuDevice(2) : new ReferenceDevice());
        Assert.False(report.Passed);
        Assert.Equal("threads", Assert.Single(report.Checks, check => !check.Passed).Name);
    }

    [Fact]
    public void A_device_that_promises_no_bits_is_not_held_to_them()
    {
        VerificationReport report = Run(
            "a-parallel-f32", threads => threads == 2
                ? new ReferenceDevice { Info = new DeviceInfo("reference", "portable", "reference-1", 1) }
                : new CpuDevice(1));
        Assert.All(report.Checks, check => Assert.True(check.Passed, $"{check.Name}: {check.Figure}"));
        Assert.InRange(report.Checks.Single(check => check.Name == "threads").Figure, double.Epsilon, 1e-2);
        CheckResult[] cut = [.. report.Checks.Where(check => check.Name is "packing" or "micro-batches")];
        Assert.Equal(2, cut.Length);
        Assert.All(cut, check => Assert.NotEqual(0, check.Tolerance));
    }

    [Fact]
    public void What_is_not_a_number_never_passes() => Assert.False(new CheckResult("", "", double.NaN, double.MaxValue).Passed);

    private static VerificationReport Run(string folder, Func<int, IDevice> createDevice)
    {
        VerificationOptions options = new()
        {
            Model = Golden.Path("gptneox", folder, "policy"),
            Reference = Golden.Path("gptneox", folder, "reference"),
            Threads = 2,
        };
        return new ModelVerification(options, createDevice, _ => { }, told: null).Run(CancellationToken.None);
    }
}
