using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Lines;
using Goodhart.Steps.Rows;
using Goodhart.Text.Datasets;
using Goodhart.Text.Datasets.Files;

namespace Goodhart.Steps.Measuring;

/// <summary>Lines about responses that are sampled to a file's prompts.</summary>
public abstract record PromptLines<T> : LineStep<T>
{
    public required InputFile Prompts { get; init; }

    public RowReading Reading { get; init; } = RowReading.Plain;

    /// <summary>What writes conversations; null: HH's layout.</summary>
    public ChatFiles? Chat { get; init; }

    /// <summary>The first so many; null: all.</summary>
    public int? Limit { get; init; }

    public required ResponseSampling Sampling { get; init; }

    protected sealed override int LinesPerItem => Sampling.Samples;

    public override void Check() => DataFile.Open(Prompts.Path);

    /// <param name="model">Whose tokens they become, with room for a response.</param>
    private protected IReadOnlyList<PromptRow> ReadPrompts(LoadedModel model) => PromptReader.Read(
        model, Prompts.Path, Reading, Chat?.Open(), Limit, Sampling.MaxNewTokens, Progress is null ? null : Progress.Read);
}
