using System.Text.Json.Nodes;
using Goodhart.Alignment.Losses;
using Goodhart.Steps.Publishing;

namespace Goodhart.Steps.Runs;

/// <summary>Which run a checkpoint comes from.</summary>
/// <param name="Fraction">Of the run done at the checkpoint.</param>
/// <param name="Examples">Pairs seen; null where the run is not ours.</param>
internal sealed record CheckpointOrigin(string Loss, double? Beta, int Seed, int Step, double Fraction, long? Examples)
{
    /// <summary>From the run.json of <c>goodhart align</c> above the checkpoint; for other tools' checkpoints from the loss that the user
    /// names, and from the largest step among its neighbours.</summary>
    public static CheckpointOrigin Of(string checkpoint, AlignmentLoss named)
    {
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(checkpoint));
        int? step = CheckpointFolders.StepOf(path);
        foreach (string folder in new[] { Path.GetDirectoryName(path)!, Path.GetDirectoryName(Path.GetDirectoryName(path)!) ?? "" })
        {
            string record = Path.Combine(folder, RunFolder.RecordFile);
            if (
                File.Exists(record) && JsonNode.Parse(File.ReadAllText(record)) is { } run && (string?)run["stage"] == "align"
                    && run["loss"] is { } loss)
            {
                int updates = (int)run["training"]!["updates"]!;
                int at = step ?? (int?)run["stop"]?["best"]?["step"] ?? updates;   // DIR/model
                return new CheckpointOrigin(
                    (string)loss["name"]!, (double?)loss["beta"], (int)(ulong)run["training"]!["seed"]!, at, (double)at / updates,
                    at * (long)run["training"]!["batchSize"]!);
            }
        }

        int last = Directory.EnumerateDirectories(Path.GetDirectoryName(path)!).Max(CheckpointFolders.StepOf) ?? 0;
        return new CheckpointOrigin(
            named.Name, named.Beta, 0, step ?? 0, step is { } number && last > 0 ? (double)number / last : 1, null);
    }
}
