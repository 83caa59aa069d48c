using Goodhart.Models;
using Goodhart.Pipeline;
using Goodhart.Steps.Rows;

namespace Goodhart.Steps.Measuring;

/// <summary>Pairs along which Eq. (11)'s unseen share is measured.</summary>
/// <param name="Trained">The pairs that the seed's runs are trained on: they say which tokens are seen.</param>
public sealed record BootstrapRows(TokenizePairs Trained, TokenizePairs HeldOut)
{
    public BootstrappedShares? Measure(LanguageModel policy, StepContext context, CancellationToken cancel) =>
        context.Service<SharedReads>()
        .Get($"bootstrap {Trained.Key}", () => new DataBootstrap(Trained.Read(context)))
        .Measure(policy, HeldOut.Read(context), cancel);
}
