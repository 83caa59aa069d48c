using Goodhart.Hub.Names;

namespace Goodhart.Hub.Cache;

/// <summary>The folder in which the hub's clients keep what they fetched, opened for reading.</summary>
/// <remarks>
/// A repository's folder has <c>blobs</c> (files by their hash), <c>snapshots/COMMIT</c> (a commit's files as links to them, or as plain
/// files where a system has no links) and <c>refs/REVISION</c> (the commit that a branch or tag meant last).
/// </remarks>
/// <param name="root">It need not exist.</param>
public sealed class HubCache(string root)
{
    public string Root { get; } = root;

    /// <summary>The folder of a repository.</summary>
    public string FolderOf(HubName name) => Path.Combine(Root, name.Folder);

    /// <summary>The commit that a revision meant when it was fetched last; null where it was not.</summary>
    public string? CommitOf(HubName name)
    {
        if (name.Commit is { } commit)
        {
            return commit;
        }

        string file = Path.Combine(FolderOf(name), "refs", name.Revision);
        string? text = File.Exists(file) ? File.ReadAllText(file).Trim() : null;
        return text is not null && HubName.IsCommit(text) ? text : null;
    }

    /// <summary>What is there of a repository at a revision, which may be some of its files only; null: nothing.</summary>
    public HubSnapshot? Find(HubName name)
    {
        if (CommitOf(name) is not { } commit)
        {
            return null;
        }

        HubSnapshot snapshot = new(name, commit, Path.Combine(FolderOf(name), "snapshots", commit));
        return Directory.Exists(snapshot.Path) ? snapshot : null;
    }
}
