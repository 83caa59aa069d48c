using System.Security.Cryptography;
using Goodhart.Text.Audit;
using Goodhart.Text.Datasets.Files;

namespace Goodhart.Text.Datasets.Writing;

/// <summary>What a split made; stored beside its files.</summary>
/// <param name="File">Name of the source.</param>
/// <param name="Sha256">Of the source's bytes.</param>
/// <param name="Skipped">Rows of the source that training would not use, and that are in no split.</param>
public sealed record SplitSummary(
    string File, string Sha256, ulong Seed, IReadOnlyList<SplitPart> Parts, IReadOnlyDictionary<SkipReason, int> Skipped)
{
    /// <summary>Rows that cannot be used and were passed over, by reason; they are in no split either.</summary>
    public IReadOnlyList<BadRowCount> BadRows { get; init; } = [];
}

/// <param name="File">The split's file.</param>
/// <param name="Fraction">Share of the prompts that was asked for.</param>
/// <param name="Prompts">Different prompts.</param>
public sealed record SplitPart(string File, double Fraction, int Rows, int Prompts);

/// <summary>Writes each split as JSON lines: the rows as the source has them, in its order.</summary>
public static class SplitFiles
{
    /// <param name="folder">Exists; files in it are overwritten.</param>
    /// <exception cref="InvalidDataException">A bad row, or a split that gets no row.</exception>
    public static SplitSummary Write(Dataset data, PromptSplit split, string folder, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(split);
        Conversion.RequireAll(data.File);
        SkipTally tally = new();
        Part[] parts = [.. split.Names.Select(name => new Part(Path.Combine(folder, name + ".jsonl")))];
        try
        {
            foreach ((DataRow source, Data.SftRow row) in data.Sources(tally))
            {
                cancel.ThrowIfCancellationRequested();
                parts[split.Of(row.Prompt)].Add(source, row.Prompt);
            }
        }
        finally
        {
            Array.ForEach(parts, part => part.Dispose());
        }

        int without = Array.FindIndex(parts, part => part.Rows == 0);
        if (without >= 0)
        {
            throw new InvalidDataException(
                $"{data.File.Name}: split '{split.Names[without]}' got none of the {Quantity.Of(tally.Used, "row")}; "
                + "give it a larger share, or another seed.");
        }

        return new SplitSummary(
            data.File.Name,
            Hash(data.File.Path),
            split.Seed,
            [.. parts.Select((part, i) => new SplitPart(Path.GetFileName(part.File), split.Fractions[i], part.Rows, part.Prompts.Count))],
            tally.Skipped)
        {
            BadRows = tally.Bad,
        };
    }

    private static string Hash(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private sealed class Part(string file) : IDisposable
    {
        private readonly FileStream stream = new(file, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);

        public string File => file;

        public int Rows { get; private set; }

        public HashSet<UInt128> Prompts { get; } = [];

        public void Add(DataRow row, string prompt)
        {
            using RowWriter writer = RowWriter.Create(DataFormat.JsonLines, stream, []);
            writer.Write(Conversion.Written(row));
            Rows++;
            Prompts.Add(Fingerprint.Of(prompt));
        }

        public void Dispose() => stream.Dispose();
    }
}
