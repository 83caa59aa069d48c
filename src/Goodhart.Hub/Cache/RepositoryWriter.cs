using Goodhart.Hub.Names;

namespace Goodhart.Hub.Cache;

/// <summary>Writes one commit of a repository into the cache, as the hub's own client lays it out.</summary>
/// <remarks>Every file appears whole or not at all.</remarks>
internal sealed class RepositoryWriter
{
    private const string Signature =
        "Signature: 8a477f597d28d172789f06886806bc55\n# This folder is a cache of files from the Hugging Face hub.\n";

    private readonly HubCache cache;
    private readonly HubName name;
    private readonly string folder;
    private readonly string commit;
    private readonly bool hasLinks;

    public RepositoryWriter(HubCache cache, HubName name, string commit, bool withoutLinks)
    {
        (this.cache, this.name, this.commit) = (cache, name, commit);
        folder = cache.FolderOf(name);
        Directory.CreateDirectory(cache.Root);
        string tag = Path.Combine(cache.Root, "CACHEDIR.TAG");
        if (!File.Exists(tag))
        {
            WholeFile.Write(tag, Signature);
        }

        Directory.CreateDirectory(Blobs);
        Directory.CreateDirectory(Snapshot);
        hasLinks = !withoutLinks && CanLink(Blobs);
    }

    public string Blobs => Path.Combine(folder, "blobs");

    public string Snapshot => Path.Combine(folder, "snapshots", commit);

    /// <summary>The lock of a blob.</summary>
    public string LockOf(string hash) => Path.Combine(cache.Root, ".locks", name.Folder, hash + ".lock");

    /// <summary>Where a file of the commit stands.</summary>
    public string PlaceOf(string path) => Path.Combine(Snapshot, Path.Combine(path.Split('/')));

    /// <summary>Whether the snapshot has a file already, in its whole length.</summary>
    public bool Has(string path, long size) => LengthOf(PlaceOf(path)) == size;

    /// <summary>Whether the blob is there, in its whole length.</summary>
    public bool HasBlob(string hash, long size) => LengthOf(Path.Combine(Blobs, hash)) == size;

    /// <summary>Bytes of a blob that an interrupted run left.</summary>
    public long PartOf(string hash) => new FileInfo(Path.Combine(Blobs, hash + ".incomplete")) is { Exists: true } part ? part.Length : 0;

    /// <summary>Puts a blob into the snapshot: a link, or where there are none the file, which is moved if it is new.</summary>
    public void Place(string path, string hash, bool isNew)
    {
        string place = PlaceOf(path);
        string parent = Path.GetDirectoryName(place)!;
        string blob = Path.Combine(Blobs, hash);
        string partial = $"{place}.{Guid.NewGuid():N}.incomplete";
        Directory.CreateDirectory(parent);
        if (hasLinks)
        {
            File.CreateSymbolicLink(partial, Path.GetRelativePath(parent, blob));
        }
        else if (isNew)
        {
            File.Move(blob, partial);
        }
        else
        {
            File.Copy(blob, partial);
        }

        File.Move(partial, place, overwrite: true);
    }

    /// <summary>Remembers what the revision means now. The last thing to do: with it the snapshot can be found by name.</summary>
    public void SetReference()
    {
        Directory.CreateDirectory(Path.Combine(folder, "refs"));   // its clients look for it, with or without one in it
        if (name.Commit is not null)
        {
            return;
        }

        string file = Path.Combine(folder, "refs", Path.Combine(name.Revision.Split('/')));
        if (File.Exists(file) && File.ReadAllText(file) == commit)
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        WholeFile.Write(file, commit);   // without a newline, which its client would take as a part
    }

    /// <summary>Of the file itself, not of a link to it; null where there is none, or a link leads to nothing.</summary>
    internal static long? LengthOf(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return file.Length;
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static bool CanLink(string folder)
    {
        string link = Path.Combine(folder, $"link-{Guid.NewGuid():N}");
        try
        {
            File.CreateSymbolicLink(link, "nowhere");
            File.Delete(link);
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            return false;
        }
    }
}
