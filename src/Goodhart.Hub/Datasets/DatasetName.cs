using Goodhart.Hub.Names;

namespace Goodhart.Hub.Datasets;

/// <summary>
/// A split of a data set of the hub, as people write it: <c>trl-lib/tldr:validation</c>, <c>OWNER/NAME@REVISION:CONFIG/SPLIT</c>.
/// </summary>
/// <param name="Config">Null: the default one.</param>
/// <param name="Split">Null: train, or the only one.</param>
public sealed record DatasetName(HubName Repository, string? Config, string? Split)
{
    /// <summary>Null where the text is no such name.</summary>
    public static DatasetName? TryParse(string text)
    {
        string[] parts = text.Split(':', 2);
        if (HubName.TryParse(parts[0], RepoKind.Dataset) is not { } repository)
        {
            return null;
        }

        string[] split = parts.Length < 2 ? [] : parts[1].Split('/');
        return split switch
        {
            [] => new DatasetName(repository, null, null),
            [{ Length: > 0 } name] => new DatasetName(repository, null, name),
            [{ Length: > 0 } config, { Length: > 0 } name] => new DatasetName(repository, config, name),
            _ => null,
        };
    }

    /// <summary>The split that is meant.</summary>
    /// <exception cref="InvalidDataException">There is none, or it is not clear which.</exception>
    public DatasetSplit Choose(IReadOnlyList<DatasetSplit> splits)
    {
        string[] configs = [.. splits.Select(split => split.Config).Distinct()];
        string? config = Config
            ?? (configs.Contains(DatasetLayout.DefaultConfig) ? DatasetLayout.DefaultConfig : configs.Length == 1 ? configs[0] : null);
        DatasetSplit[] within = [.. splits.Where(split => split.Config == config)];
        DatasetSplit? chosen = Split is null && within.Length == 1
            ? within[0]
            : within.FirstOrDefault(split => split.Name == (Split ?? DatasetLayout.DefaultSplit));
        return chosen ?? throw new InvalidDataException(
            $"{Repository}: expected one of its splits, "
                + $"{string.Join(", ", splits.Select(split => $"{Repository}:{Label(split, configs)}"))}, found "
            + $"{(Split is null ? "none named" : $"'{(Config is null ? "" : Config + "/")}{Split}'")}.");
    }

    private static string Label(DatasetSplit split, string[] configs) =>
        configs is [DatasetLayout.DefaultConfig] ? split.Name : $"{split.Config}/{split.Name}";
}
