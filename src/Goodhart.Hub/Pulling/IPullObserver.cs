namespace Goodhart.Hub.Pulling;

/// <summary>Is told how a pull goes on.</summary>
public interface IPullObserver
{
    /// <summary>Once, when it is known what will be fetched; what the cache has is not counted.</summary>
    void Planned(string commit, int files, long bytes);

    /// <summary>A file begins.</summary>
    /// <param name="have">Bytes of it that an earlier run left.</param>
    void Fetching(string path, long size, long have);

    /// <summary>More bytes of it have come.</summary>
    void Received(long bytes);

    /// <summary>Nothing comes for a while, and why.</summary>
    void Waiting(string reason);
}
