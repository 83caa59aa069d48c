using Goodhart.Hub.Datasets;
using Goodhart.Hub.Names;
using Goodhart.Hub.Requests;

namespace Goodhart.Hub.Pulling;

/// <summary>The README of a data set, and the files that hold its splits.</summary>
internal sealed class DatasetSelection(HubName name) : IFileSelection
{
    private const string Readme = "README.md";

    public IReadOnlyList<RepoFile> First(RepoListing listing) => listing.Files.Any(file => DatasetLayout.IsData(file.Path))
        ? [.. listing.Files.Where(file => file.Path == Readme)]
        : throw new HubRefusedException(
            $"{name} has no Parquet, JSON or CSV files: its rows are in a form that is not read here. Many data sets have a conversion: "
            + $"goodhart pull {name.Id}@refs/convert/parquet --dataset");

    public IReadOnlyList<RepoFile> Others(RepoListing listing, Func<string, string> read)
    {
        string? readme = listing.Files.Any(file => file.Path == Readme) ? read(Readme) : null;
        HashSet<string> wanted = [.. DatasetLayout.Read(listing.Files.Select(file => file.Path), readme).SelectMany(split => split.Files)];
        return wanted.Count > 0
            ? [.. listing.Files.Where(file => wanted.Contains(file.Path))]
            : throw new HubRefusedException(
                $"{name}: its README names files as its data that are not there, or in a form that is not read here.");
    }
}
