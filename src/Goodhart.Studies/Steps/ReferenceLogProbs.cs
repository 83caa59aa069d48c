using Goodhart.Alignment.Training;
using Goodhart.Engine;
using Goodhart.Models;
using Goodhart.Models.Scoring;
using Goodhart.Pipeline;
using Goodhart.Studies.Worlds;

namespace Goodhart.Studies.Steps;

/// <summary>The reference's log-probs of a set of pairs: computed once per model, shared by every loss and β.</summary>
public sealed record ReferenceLogProbs : Step<ReferencePair[]>
{
    public required SftModel Reference { get; init; }

    public required PairSource Pairs { get; init; }

    public override string Label => $"reference log-probs {Reference.Model.Name}{(Pairs.HeldOut ? ", held out" : "")}";

    public override double EstimatedCost =>
        Pairs.Count * ModelFiles.Shape(Reference.Model).Forward(ModelFiles.PromptTokens, ModelFiles.ResponseTokens, 2);

    public override long EstimatedBytes => 48L * Pairs.Count;

    protected override Task<ReferencePair[]> RunAsync(StepContext context, CancellationToken cancel)
    {
        using LanguageModel model = ModelFiles.Load(context.Service<IDevice>(), context.DirectoryOf(Reference), training: false);
        return Task.FromResult(Score(model, context.Service<WorldRows>().Pairs(Pairs), cancel));
    }

    internal static ReferencePair[] Score(LanguageModel model, WorldPair[] pairs, CancellationToken cancel)
    {
        using ResponseScorer scorer = new(model);
        double[][] scored = scorer.LogProbs(
            [.. pairs.Select(pair => new PromptTree(pair.Post.Prompt, [pair.Chosen, pair.Rejected]))], cancel);
        return [.. scored.Select(pair => new ReferencePair(pair[0], pair[1]))];
    }
}
