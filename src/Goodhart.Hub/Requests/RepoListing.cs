using System.Text.Json;
using System.Text.RegularExpressions;
using Goodhart.Hub.Names;

namespace Goodhart.Hub.Requests;

/// <summary>A commit of a repository and its files, as the hub tells them.</summary>
public sealed partial record RepoListing(string Commit, IReadOnlyList<RepoFile> Files)
{
    private const int MostPages = 10_000;

    /// <summary>Asks what a revision is now, then for the files of that commit: a branch may move in between.</summary>
    /// <exception cref="HubRefusedException">No such repository or revision, or the user may not see it.</exception>
    /// <exception cref="HubUnavailableException">No answer that can be used.</exception>
    public static async Task<RepoListing> ReadAsync(HubClient client, HubName name, CancellationToken cancel)
    {
        string commit = name.Commit ?? await CommitAsync(client, name, cancel).ConfigureAwait(false);
        List<RepoFile> files = [];
        Uri? page = client.At($"{name.ApiPlace}/tree/{commit}?recursive=true");
        for (int pages = 0; page is not null; pages++)
        {
            if (pages == MostPages)
            {
                throw new HubUnavailableException($"{name}: the list of files does not end.");
            }

            (JsonElement entries, page) = await PageAsync(client, name, page, cancel).ConfigureAwait(false);
            files.AddRange(
                Read(name, () => entries.EnumerateArray().Where(entry => Text(entry, "type") == "file").Select(FileOf).ToArray()));
        }

        return new RepoListing(commit, files);
    }

    private static async Task<string> CommitAsync(HubClient client, HubName name, CancellationToken cancel)
    {
        Uri address = client.At($"{name.ApiPlace}/revision/{Uri.EscapeDataString(name.Revision)}");
        (JsonElement info, _) = await PageAsync(client, name, address, cancel).ConfigureAwait(false);
        string commit = Read(name, () => Text(info, "sha"));
        return HubName.IsCommit(commit) ? commit : throw Unexpected(name, "expected a commit of 40 digits");
    }

    private static async Task<(JsonElement Body, Uri? Next)> PageAsync(
        HubClient client, HubName name, Uri address, CancellationToken cancel)
    {
        using HttpResponseMessage response = await client.GetAsync(name, address, "the list of files", 0, cancel).ConfigureAwait(false);
        Uri? next = NextOf(name, response, address);
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(client.Patience);
        try
        {
            await using Stream body = await response.Content.ReadAsStreamAsync(patience.Token).ConfigureAwait(false);
            using JsonDocument document = await JsonDocument.ParseAsync(body, default, patience.Token).ConfigureAwait(false);
            return (document.RootElement.Clone(), next);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw Unexpected(name, "it stopped in the middle");
        }
        catch (Exception broken) when (broken is JsonException or HttpRequestException or IOException)
        {
            throw Unexpected(name, "expected whole JSON");
        }
    }

    private static Uri? NextOf(HubName name, HttpResponseMessage response, Uri address)
    {
        if (
            !response.Headers.TryGetValues("Link", out IEnumerable<string>? links)
                || NextLink().Match(string.Join(", ", links)) is not { Success: true } link)
        {
            return null;
        }

        return Uri.TryCreate(address, link.Groups[1].Value, out Uri? next) && HubClient.IsWeb(next)
            ? next
            : throw Unexpected(name, "expected the address of the next page");
    }

    private static RepoFile FileOf(JsonElement entry)
    {
        bool isLarge = entry.TryGetProperty("lfs", out JsonElement lfs) && lfs.ValueKind == JsonValueKind.Object;
        RepoFile file = new(
            Text(entry, "path"), (isLarge ? lfs : entry).GetProperty("size").GetInt64(),
            Text(isLarge ? lfs : entry, "oid").Replace("sha256:", "", StringComparison.Ordinal));
        bool isHash = isLarge ? LargeHash().IsMatch(file.Hash) : HubName.IsCommit(file.Hash);
        bool staysInside = file.Path.Split('/')
            .All(part => part is not ("" or "." or "..") && !part.Any(c => char.IsControl(c) || c is '\\' or ':'));
        return isHash && staysInside && file.Size >= 0 ? file : throw new FormatException();
    }

    private static string Text(JsonElement value, string key) => value.GetProperty(key).GetString() ?? throw new FormatException();

    private static T Read<T>(HubName name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception broken) when (broken is FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw Unexpected(name, "expected files with path, size and hash");
        }
    }

    private static HubUnavailableException Unexpected(HubName name, string what) =>
        new($"{name}: the hub's answer cannot be used: {what}. If HF_ENDPOINT names a mirror, it may be none of this hub.");

    [GeneratedRegex("<([^>]+)>\\s*;\\s*rel=\"next\"")]
    private static partial Regex NextLink();

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex LargeHash();
}
