using Goodhart.Models;
using Goodhart.Models.Averaging;
using Goodhart.Pipeline;

namespace Goodhart.Steps.Folders;

/// <summary>The weighted average of stored models, as a model of its own. The result is how many there were.</summary>
public sealed record AverageModels : Step<int>
{
    public required IReadOnlyList<ModelSource> Models { get; init; }

    public required AverageWeights Weights { get; init; }

    /// <summary>For labels.</summary>
    [NotInKey]
    public required string ModelName { get; init; }

    [NotInKey]
    public required long Bytes { get; init; }

    public override string Label => $"average {ModelName}";

    public override long EstimatedBytes => Bytes;

    public override IReadOnlyList<FileNeed> Needs => [.. Models.SelectMany(model => model.Needs).Distinct()];

    public override IReadOnlyList<string> DisposableFiles => [ModelFiles.Model];

    protected override bool DependsOnNumerics => false;

    protected override Task<int> RunAsync(StepContext context, CancellationToken cancel)
    {
        List<ModelFolder> opened = [];
        try
        {
            foreach (ModelSource model in Models)
            {
                cancel.ThrowIfCancellationRequested();
                opened.Add(model.Open(context));
            }

            string first = Models[^1].PathIn(context);
            ModelAverage.Save(
                Path.Combine(context.OutputDirectory, ModelFiles.Model), opened, Weights.Of(opened.Count),
                new SaveOptions { CarryFrom = first, TokenizerFrom = ModelFolder.TokenizerOf(first) });
        }
        finally
        {
            opened.ForEach(model => model.Dispose());
        }

        return Task.FromResult(Models.Count);
    }
}
