using Goodhart.Engine;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Rows;

namespace Goodhart.Steps.Training;

/// <summary>A model of random weights, to train from scratch. The result is its number of parameters.</summary>
public sealed record CreateModel : Step<long>
{
    public required NewModel Model { get; init; }

    public required TokenizerSource Tokenizer { get; init; }

    /// <summary>For labels.</summary>
    [NotInKey]
    public required string ModelName { get; init; }

    [NotInKey]
    public required long Bytes { get; init; }

    public override string Label => $"random weights {ModelName}";

    public override long EstimatedBytes => Bytes;

    public override IReadOnlyList<string> DisposableFiles => [ModelFiles.Model];

    protected override bool DependsOnNumerics => false;

    protected override Task<long> RunAsync(StepContext context, CancellationToken cancel) => Task.FromResult(
        Model.Write(context.Service<IDevice>(), Tokenizer.Open(), Path.Combine(context.OutputDirectory, ModelFiles.Model)));
}
