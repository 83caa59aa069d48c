namespace Goodhart.Studies.Exports;

/// <summary>A run as trackers of experiments know it: settings, and metrics by update.</summary>
/// <param name="Id">Its model, loss, β and seed: the same whenever it is exported.</param>
/// <param name="Settings">What makes it differ from others, by the names of the study file.</param>
/// <param name="Training">Curves, by update.</param>
/// <param name="Checkpoints">What was measured of checkpoints, by update.</param>
/// <param name="IsDone">Whether nothing is missing; false while it runs.</param>
public sealed record ExportedRun(
    string Id, IReadOnlyDictionary<string, string> Settings, IReadOnlyList<ExportedRow> Training, IReadOnlyList<ExportedRow> Checkpoints,
    bool IsDone);

/// <param name="Step">Updates done.</param>
/// <param name="Time">UTC.</param>
/// <param name="Metrics">Finite numbers, by the names of docs/metrics.md; those of checkpoints under <c>eval/</c>.</param>
public sealed record ExportedRow(int Step, DateTimeOffset Time, IReadOnlyDictionary<string, double> Metrics);

/// <summary>All runs of a study's folder.</summary>
/// <param name="Name">Of the study.</param>
/// <param name="Key">Its name and a hash of all that it says: another study of the same name is another one.</param>
/// <param name="NotFinite">Numbers that are NaN or infinite, which trackers do not take.</param>
public sealed record ExportedFolder(string Name, string Key, IReadOnlyList<ExportedRun> Runs, int NotFinite);
