using Goodhart.Hub.Requests;

namespace Goodhart.Hub.Pulling;

/// <summary>Which files of a repository are needed. Some of them have to be read first to know the others.</summary>
internal interface IFileSelection
{
    /// <summary>Those that are needed whatever they say.</summary>
    IReadOnlyList<RepoFile> First(RepoListing listing);

    /// <summary>The others.</summary>
    /// <param name="read">The text of one of the first.</param>
    /// <exception cref="HubRefusedException">The repository has not what is needed.</exception>
    IReadOnlyList<RepoFile> Others(RepoListing listing, Func<string, string> read);
}
