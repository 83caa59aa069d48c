using Goodhart.Steps.Publishing;

namespace Goodhart.Steps.Runs;

/// <summary>Reward models as users name them: a model's folder, or that of a run of <c>goodhart reward</c>.</summary>
public static class RewardFolders
{
    /// <summary>The model folders that a path stands for; of an ensemble all members.</summary>
    public static IReadOnlyList<string> Of(string path)
    {
        if (CheckpointFolders.IsModel(path))
        {
            return [path];
        }

        string model = Path.Combine(path, "model");
        string[] members = Directory.Exists(path)
            ?
            [
                .. Directory.EnumerateDirectories(path, "member-*").OrderBy(CheckpointFolders.StepOf)
                    .Select(member => Path.Combine(member, "model")).Where(CheckpointFolders.IsModel),
            ]
            : [];
        return members.Length > 0 ? members : CheckpointFolders.IsModel(model) ? [model] : [path];
    }
}
