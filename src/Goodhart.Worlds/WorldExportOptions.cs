namespace Goodhart.Worlds;

/// <summary>How many rows of each data set to export, by default as in the default study. A data set of 0 rows gets no file.</summary>
public sealed record WorldExportOptions
{
    /// <summary>The study's seed.</summary>
    public ulong Seed { get; init; }

    /// <summary>The alignment seed of the preference pairs.</summary>
    public int AlignmentSeed { get; init; }

    /// <summary>Rows of pretrain.jsonl; none by default, since the default study's 120,000 are many.</summary>
    public int Pretraining { get; init; }

    public int Sft { get; init; } = 8000;

    public int Preferences { get; init; } = 8192;

    public int HeldOutPairs { get; init; } = 256;

    public int Prompts { get; init; } = 256;

    /// <summary>Who labels the pairs.</summary>
    public PreferenceSampler Labeller { get; init; } = new();
}
