using Goodhart.Evaluation.Divergence;
using Goodhart.Models.Sampling;
using Goodhart.Models.Scoring;

namespace Goodhart.Cli.Bench.Work;

/// <summary>Work on pairs that no gradient follows.</summary>
internal abstract class MeasuringWork : BenchWork
{
    public override bool Trains => false;

    public override IEnumerable<WorkPart> Parts(WorkSetting setting)
    {
        PromptTree[] trees = [.. setting.Texts.Pairs.Select(pair => new PromptTree(pair.Prompt, [pair.Chosen, pair.Rejected]))];
        WorkAmount amount = new(
            trees.Sum(tree => tree.Prompt.Length + tree.Responses.Sum(response => response.Length)),
            trees.Length,
            Forwards * trees.Sum(tree =>
                WorkAmount.Forward(setting.Shape, tree.Prompt.Length, [.. tree.Responses.Select(response => response.Length)])));
        (Action step, IDisposable scorer) = Scorer(setting, trees);
        yield return new WorkPart(Name, "pairs", amount, step, scorer);
    }

    /// <summary>Passes over the texts.</summary>
    protected abstract int Forwards { get; }

    protected abstract (Action Step, IDisposable Scorer) Scorer(WorkSetting setting, PromptTree[] trees);
}

/// <summary>Log-probs of both responses of every pair: what a reference is asked once.</summary>
internal sealed class ScoreWork : MeasuringWork
{
    public override string Name => "score";

    protected override int Forwards => 1;

    protected override (Action Step, IDisposable Scorer) Scorer(WorkSetting setting, PromptTree[] trees)
    {
        ResponseScorer scorer = new(setting.Model, setting.RowBudget);
        return (() => scorer.LogProbs(trees), scorer);
    }
}

/// <summary>Exact divergences over the whole vocabulary at every token, the model being its own reference: both are run.</summary>
internal sealed class KlWork : MeasuringWork
{
    public override string Name => "kl";

    protected override int Forwards => 2;

    protected override (Action Step, IDisposable Scorer) Scorer(WorkSetting setting, PromptTree[] trees)
    {
        DivergenceScorer scorer = new(setting.Model, setting.Model, setting.RowBudget);
        return (() => scorer.Score(trees), scorer);
    }
}

/// <summary>Responses of one length to many prompts, none of which ends earlier.</summary>
internal sealed class SampleWork : BenchWork
{
    /// <summary>No token: a model of random weights would end at random.</summary>
    private const int Never = -1;

    /// <summary>The part that a response of one token takes: the prompts.</summary>
    public const string Prefill = "sample: prefill";

    /// <summary>The whole.</summary>
    public const string Whole = "sample";

    /// <summary>What the whole takes longer than the first part.</summary>
    public const string Decode = "sample: decode";

    public override string Name => Whole;

    public override bool Trains => false;

    public override IEnumerable<WorkPart> Parts(WorkSetting setting)
    {
        SamplingPrompt[] prompts = [.. setting.Texts.Prompts];
        double promptTokens = prompts.Sum(prompt => prompt.Tokens.Length);
        int newTokens = setting.Texts.NewTokens;
        double first = prompts.Sum(prompt => WorkAmount.Forward(setting.Shape, prompt.Tokens.Length));
        double others = prompts.Sum(prompt => Enumerable.Range(1, newTokens - 1).Sum(j =>
            setting.Shape.Products(1, 1, prompt.Tokens.Length + j, prompt.Tokens.Length + j)));
        yield return Part(Prefill, 1, new WorkAmount(promptTokens, prompts.Length, first));
        yield return Part(Whole, newTokens, new WorkAmount((double)prompts.Length * newTokens, prompts.Length, first + others));

        WorkPart Part(string name, int tokens, WorkAmount amount)
        {
            Sampler sampler = new(setting.Model, new SamplingOptions(Never, tokens, Seed: 0, Purpose: "bench")
            {
                PromptsPerBatch = prompts.Length,
            });
            return new WorkPart(name, "responses", amount, () => sampler.Sample(prompts), sampler);
        }
    }
}
