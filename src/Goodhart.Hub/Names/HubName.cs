using System.Text.RegularExpressions;

namespace Goodhart.Hub.Names;

/// <summary>A repository of the hub at a revision, as people write it: <c>Qwen/Qwen2.5-0.5B@main</c>.</summary>
/// <param name="Id">With its owner, but for the oldest ones such as gpt2.</param>
/// <param name="Revision">A branch, a tag, <c>refs/pr/1</c>, or a commit of 40 digits.</param>
public sealed partial record HubName(RepoKind Kind, string Id, string Revision)
{
    public const string DefaultRevision = "main";

    /// <summary>Of the revision, where that is a commit; null: a name that may come to mean another one.</summary>
    public string? Commit => IsCommit(Revision) ? Revision : null;

    /// <summary>The repository's folder in the cache.</summary>
    public string Folder => $"{(Kind == RepoKind.Model ? "models" : "datasets")}--{Id.Replace("/", "--", StringComparison.Ordinal)}";

    /// <summary>Its place below the hub's address.</summary>
    public string Place => Kind == RepoKind.Model ? Id : $"datasets/{Id}";

    /// <summary>Its place below the address of the hub's programming interface.</summary>
    public string ApiPlace => $"api/{(Kind == RepoKind.Model ? "models" : "datasets")}/{Id}";

    /// <summary>The command that fetches it.</summary>
    public string PullCommand => $"goodhart pull {this}{(Kind == RepoKind.Dataset ? " --dataset" : "")}";

    /// <summary>Null where the text is no name: a path, or one that the hub would not take.</summary>
    public static HubName? TryParse(string text, RepoKind kind)
    {
        int at = text.IndexOf('@', StringComparison.Ordinal);
        string id = at < 0 ? text : text[..at];
        string revision = at < 0 ? DefaultRevision : text[(at + 1)..];
        return IsId(id) && IsRevision(revision) ? new HubName(kind, id, revision) : null;
    }

    /// <exception cref="ArgumentException">The text is no name.</exception>
    public static HubName Parse(string text, RepoKind kind) => TryParse(text, kind) ?? throw new ArgumentException(
        $"'{text}' is no name of the hub; expected OWNER/NAME or OWNER/NAME@REVISION, such as EleutherAI/pythia-160m@main.");

    /// <summary>A commit as the cache and the hub write it: 40 lower-case hexadecimal digits.</summary>
    public static bool IsCommit(string text) => CommitDigits().IsMatch(text);

    /// <summary>As it is written: without the default revision.</summary>
    public override string ToString() => Revision == DefaultRevision ? Id : $"{Id}@{Revision}";

    private static bool IsId(string id) =>
        IdShape().IsMatch(id) && !id.Contains("--", StringComparison.Ordinal) && !id.Contains("..", StringComparison.Ordinal)
        && !id.EndsWith(".git", StringComparison.Ordinal);

    /// <summary>What git takes as a reference's name; it becomes a path too, which must not leave its folder.</summary>
    private static bool IsRevision(string revision) =>
        RevisionShape().IsMatch(revision) && revision.Split('/').All(part => part.Length > 0 && part[0] != '.' && part[^1] != '.');

    [GeneratedRegex(@"\A(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?/)?[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?\z")]
    private static partial Regex IdShape();

    [GeneratedRegex(@"\A[A-Za-z0-9_.+=,/-]{1,250}\z")]
    private static partial Regex RevisionShape();

    [GeneratedRegex(@"\A[0-9a-f]{40}\z")]
    private static partial Regex CommitDigits();
}
