namespace Goodhart.Hub.Names;

/// <summary>What a repository of the hub holds; it decides folders and addresses.</summary>
public enum RepoKind
{
    Model,
    Dataset,
}
