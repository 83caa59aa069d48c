using Goodhart.Hub.Cache;
using Goodhart.Hub.Names;
using YamlDotNet.RepresentationModel;

namespace Goodhart.Hub.Cards;

/// <summary>What is known of a model that another is made from.</summary>
/// <param name="Place">Its name on the hub with the commit, else its folder's name: no path of this machine.</param>
/// <param name="HubIds">Its name on the hub; of a model that is not there, those that its own card says it was made from.</param>
/// <param name="License">As its card says; null: unknown.</param>
public sealed record CardSource(string Place, IReadOnlyList<string> HubIds, CardLicense? License)
{
    /// <param name="folder">A model's folder; its README.md need not be there, and need not be one of the hub's.</param>
    public static CardSource Of(string folder)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        YamlMappingNode? head = Head(Path.Combine(full, ModelCard.FileName)) ?? Head(CardOfRun(full));
        CardLicense? license = head?.Text("license") is { } id
            ? new CardLicense(id, head.Text("license_name"), head.Text("license_link"))
            : null;
        return HubSnapshot.Holding(full) is { Name: { Kind: RepoKind.Model } name }
            ? new CardSource(name.ToString(), [name.Id], license)
            : new CardSource(Short(full), head?.Texts("base_model") ?? [], license);
    }

    /// <summary>A file or folder as a card names it: by its own name and its folder's.</summary>
    public static string Short(string path)
    {
        string full = Path.GetFullPath(path);
        return HubSnapshot.Holding(full) is { } held
            ? $"{held.Name}/{Path.GetRelativePath(held.Path, full).Replace('\\', '/')}"
            : Path.GetFileName(Path.GetDirectoryName(full)) is { Length: > 0 } parent ? $"{parent}/{Path.GetFileName(full)}"
            : full;
    }

    /// <summary>Of a run's checkpoint, which has no card: that of the run's model, made from the same.</summary>
    private static string? CardOfRun(string folder) =>
        Path.GetDirectoryName(folder) is { } checkpoints && Path.GetFileName(checkpoints) == "checkpoints"
        && Path.GetDirectoryName(checkpoints) is { } run
            ? Path.Combine(run, "model", ModelCard.FileName)
            : null;

    /// <summary>A README that is none of the hub's says nothing here.</summary>
    private static YamlMappingNode? Head(string? readme)
    {
        try
        {
            return File.Exists(readme) ? FrontMatter.Read(File.ReadAllText(readme)) : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
