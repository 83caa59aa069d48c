using Goodhart.Evaluation.Theory.SoftQ;
using Goodhart.Models.Sampling;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Lines;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Rows;
using Goodhart.Text.Data;

namespace Goodhart.Studies.Theory;

/// <summary>
/// Appendix D on two models: values, per-token rewards and the bootstrapped share, on samples and on the data's responses.
/// </summary>
public sealed class SoftQRun : IDisposable
{
    /// <summary>Prompts read together: progress and interruption, not results.</summary>
    private const int Chunk = 16;

    private readonly LoadedModel policy;
    private readonly LoadedModel reference;
    private readonly SoftQOptions options;
    private readonly ModelLogits policyLogits;
    private readonly ModelLogits referenceLogits;
    private readonly ISeenTokens seen;
    private readonly IReadOnlyList<TokenizedPair> pairs;

    /// <param name="pairs">The preference data: all pairs that fit the models.</param>
    /// <exception cref="InvalidDataException">The models' vocabularies differ.</exception>
    /// <exception cref="ArgumentException">An option out of range.</exception>
    public SoftQRun(LoadedModel policy, LoadedModel reference, IReadOnlyList<TokenizedPair> pairs, SoftQOptions options)
    {
        options.Validate();
        SharedVocabulary.Require(policy, reference);
        (this.policy, this.reference, this.pairs, this.options) = (policy, reference, pairs, options);
        seen = options.SeenIn(pairs);
        policyLogits = new ModelLogits(policy.Model);
        referenceLogits = new ModelLogits(reference.Model);
    }

    private TokenizedPair[] Measured => [.. pairs.Take(options.Pairs)];

    /// <param name="others">Further policies with their β: opened one at a time.</param>
    /// <exception cref="OperationCanceledException">Between batches.</exception>
    public SoftQResult Run(
        IReadOnlyList<PromptRow> prompts, IReadOnlyList<(
            Func<LoadedModel> Open, double Beta)> others, IProgress<WorkDone> progress, CancellationToken cancel)
    {
        Work work = new(progress, prompts.Count + (2 * Measured.Length));
        SoftQSet[] sets =
        [
            Read("samples", [.. prompts.Select(prompt => prompt.Row)], Sample(prompts, cancel), work, cancel),
            Read("chosen", Rows(), OfData(pair => pair.Chosen), work, cancel),
            Read("rejected", Rows(), OfData(pair => pair.Rejected), work, cancel),
        ];
        List<SweepPoint> sweep =
        [
            new(reference.Path, null, BootstrappedShare.Measure(referenceLogits, Measured, seen, cancel)),
            new(policy.Path, options.Beta, BootstrappedShare.Measure(policyLogits, Measured, seen, cancel)),
        ];
        foreach ((Func<LoadedModel> open, double beta) in others)
        {
            using LoadedModel other = open();
            SharedVocabulary.Require(other, reference);
            using ModelLogits logits = new(other.Model);
            sweep.Add(new(other.Path, SoftQOptions.RequireBeta(beta), BootstrappedShare.Measure(logits, Measured, seen, cancel)));
        }

        return new SoftQResult(policy.Path, reference.Path, options.Beta, seen.Description, pairs.Count, sets, sweep)
        {
            Bellman = SoftBellmanCheck.Of(policyLogits, referenceLogits, Roomy(), options.Beta, cancel),
        };
    }

    public void Dispose()
    {
        policyLogits.Dispose();
        referenceLogits.Dispose();
    }

    /// <summary>Prompts with room for a tree.</summary>
    private IEnumerable<int[]> Roomy()
    {
        int room = Math.Min(policy.Model.MaxPositions, reference.Model.MaxPositions) - SoftBellmanCheck.Levels - 1;
        return Measured.Select(pair => pair.Prompt).Where(prompt => prompt.Length <= room);
    }

    private int[] Rows() => [.. Measured.Select(pair => pair.Id)];

    private ResponseTree[] OfData(Func<TokenizedPair, int[]> response) =>
        [.. Measured.Select(pair => new ResponseTree(pair.Prompt, [new(response(pair), response(pair)[^1] == policy.EosId)]))];

    private List<ResponseTree> Sample(IReadOnlyList<PromptRow> prompts, CancellationToken cancel)
    {
        using ResponseSampler sampler = new(policy, options.Responses);
        return
        [
            .. sampler.Sample(prompts, cancel).Select(own => new ResponseTree(own.Prompt.Ids, [.. own.Responses.Select(Response)])),
        ];
    }

    private static TokenResponse Response(Rollout rollout) => new(rollout.Tokens, rollout.Finished);

    private SoftQSet Read(string name, int[] rows, IReadOnlyList<ResponseTree> trees, Work work, CancellationToken cancel)
    {
        List<ResponseValues> values = [];
        for (int first = 0; first < trees.Count; first += Chunk)
        {
            ResponseTree[] part = [.. trees.Skip(first).Take(Chunk)];
            int offset = first;
            values.AddRange(ResponseValues.Of(policyLogits, referenceLogits, part, options.Beta, seen, cancel)
                .Select(response => response with { Tree = offset + response.Tree }));
            work.Add(part.Length);
        }

        return new SoftQSet(name, rows, trees, values);
    }

    private sealed class Work(IProgress<WorkDone> progress, int total)
    {
        private int done;

        public void Add(int prompts) => progress.Report(new WorkDone(done += prompts, total));
    }
}
