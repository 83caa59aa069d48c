using Goodhart.Hub.Cache;
using Goodhart.Hub.Names;
using Goodhart.Hub.Requests;

namespace Goodhart.Hub.Pulling;

/// <summary>
/// Fetches what is needed of a repository into the cache. The only thing here that downloads, and only when it is asked to.
/// </summary>
public sealed class HubPull(HubClient client, HubSettings settings, IPullObserver observer)
{
    private readonly HubCache cache = new(settings.CacheFolder);

    /// <summary>Bytes that are free where a folder is; null where nobody knows.</summary>
    public Func<string, long?> FreeSpace { get; init; } = DiskSpace.FreeAt;

    /// <summary>Fetches a repository. After an interruption the same call goes on; of a commit that is there nothing is asked.</summary>
    /// <exception cref="HubRefusedException">The hub does not give it, or it is nothing that can be read here.</exception>
    /// <exception cref="HubUnavailableException">The hub does not answer, or what came is not what it describes.</exception>
    /// <exception cref="IOException">The cache cannot be written.</exception>
    public async Task<PullResult> RunAsync(HubName name, CancellationToken cancel)
    {
        if (name.Commit is { } known && new PulledCommit(cache.FolderOf(name), known).Find() is { } there)
        {
            return new PullResult(cache.Find(name)!, there.Count, Fetched: 0, there.Sum(file => file.Size));
        }

        client.Waiting = (reason, pause) =>
            observer.Waiting(FormattableString.Invariant($"{reason}: next try in {pause.TotalSeconds:0} s"));
        RepoListing listing = await RepoListing.ReadAsync(client, name, cancel).ConfigureAwait(false);
        IFileSelection selection = name.Kind == RepoKind.Model ? new ModelSelection(name) : new DatasetSelection(name);
        IReadOnlyList<RepoFile> first = selection.First(listing);
        RepositoryWriter writer = new(cache, name, listing.Commit, settings.WithoutLinks);
        int fetched = await FetchAsync(name, listing.Commit, writer, first, cancel).ConfigureAwait(false);
        IReadOnlyList<RepoFile> others = selection.Others(listing, path => File.ReadAllText(writer.PlaceOf(path)));
        RepoFile[] missing = [.. others.Where(file => !writer.Has(file.Path, file.Size) && !writer.HasBlob(file.Hash, file.Size))];
        DiskSpace.Require(writer.Blobs, missing.Sum(file => file.Size - writer.PartOf(file.Hash)), FreeSpace(writer.Blobs));
        observer.Planned(listing.Commit, missing.Length, missing.Sum(file => file.Size));
        fetched += await FetchAsync(name, listing.Commit, writer, others, cancel).ConfigureAwait(false);
        RepoFile[] files = [.. first, .. others];
        new PulledCommit(cache.FolderOf(name), listing.Commit).Write(files);
        writer.SetReference();
        return new PullResult(
            new HubSnapshot(name, listing.Commit, writer.Snapshot), files.Length, fetched, files.Sum(file => file.Size));
    }

    private async Task<int> FetchAsync(
        HubName name, string commit, RepositoryWriter writer, IReadOnlyList<RepoFile> files, CancellationToken cancel)
    {
        int fetched = 0;
        foreach (RepoFile file in files.Where(file => !writer.Has(file.Path, file.Size)))
        {
            using CacheLock held = await CacheLock.TakeAsync(
                writer.LockOf(file.Hash), () => observer.Waiting($"{file.Path}: another program fetches it"), cancel).ConfigureAwait(false);
            bool isNew = !writer.HasBlob(file.Hash, file.Size) && !writer.Has(file.Path, file.Size);
            if (isNew)
            {
                await new BlobDownload(client, name, commit, file, writer.Blobs, observer).RunAsync(cancel).ConfigureAwait(false);
                fetched++;
            }

            if (!writer.Has(file.Path, file.Size))
            {
                writer.Place(file.Path, file.Hash, isNew);
            }
        }

        return fetched;
    }
}
