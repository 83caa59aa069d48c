using Goodhart.Alignment.Training;
using Goodhart.Engine.Conformance.Folders;
using Goodhart.Steps.Folders;
using Goodhart.Studies.Verification;
using Goodhart.Testing;
using Goodhart.Text.Data;
using Xunit;

namespace Goodhart.Engine.Torch.Tests.Precisions;

/// <summary>What <c>goodhart verify --precision bf16</c> lets pass: other orders of sums, and no other reference.</summary>
public sealed class Bf16VerificationTests
{
    public static TheoryData<string> Folders => CheckpointConformance.Folders;

    /// <summary>The device "with other threads" computes attention by products here: its sums are in another order.</summary>
    [Theory]
    [MemberData(nameof(Folders))]
    public void A_sound_model_passes(string folder)
    {
        VerificationReport report = new ModelVerification(
            Options(folder), threads => Device(fuses: threads == 1), _ => { }, told: null).Run(CancellationToken.None);
        Assert.All(report.Checks, check => Assert.True(
            check.Passed, FormattableString.Invariant($"{check.Name}: {check.Figure} above {check.Tolerance}")));
        Assert.Equal(14, report.Checks.Count);
        Assert.NotEqual(0, report.Checks.Single(check => check.Name == "threads").Figure);
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_swapped_reference_fails(string folder)
    {
        using IDevice device = Device(fuses: true);
        using LoadedModel policy = LoadedModel.Open(device, Golden.Path(folder, "policy"), told: null);
        using LoadedModel reference = LoadedModel.Open(device, Golden.Path(folder, "reference"), told: null);
        IReadOnlyList<TokenizedPair> pairs = VerificationRows.Of(policy, Options(folder), told: null);
        ReferenceChecks checks = new(policy, reference, pairs);
        ReferencePair[] scores = ReferenceChecks.Scored(reference, pairs);
        Assert.True(checks.LogProbs(device, scores).Passed);
        CheckResult swapped = checks.LogProbs(device, ReferenceChecks.Scored(policy, pairs));
        Assert.False(swapped.Passed, FormattableString.Invariant($"{swapped.Figure} within {swapped.Tolerance}"));
        CheckResult apart = checks.Loss(device, [.. scores.Select(score => score with { Chosen = score.Chosen + 1.5 })]);
        Assert.False(apart.Passed, FormattableString.Invariant($"{apart.Figure} within {apart.Tolerance}"));
    }

    private static VerificationOptions Options(string folder) => new()
    {
        Model = Golden.Path(folder, "policy"),
        Reference = Golden.Path(folder, "reference"),
        Threads = 1,
    };

    private static TorchDevice Device(bool fuses) => new(
        new TorchOptions { Folder = AppContext.BaseDirectory, Precision = Precision.BF16, FusesAttention = fuses });
}
