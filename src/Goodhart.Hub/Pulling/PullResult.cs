using Goodhart.Hub.Cache;

namespace Goodhart.Hub.Pulling;

/// <param name="Snapshot">Where the files are now.</param>
/// <param name="Files">That are needed of the repository.</param>
/// <param name="Fetched">Of them those that were not there.</param>
/// <param name="Bytes">Of all that are needed.</param>
public sealed record PullResult(HubSnapshot Snapshot, int Files, int Fetched, long Bytes);
