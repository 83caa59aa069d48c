using System.IO.Compression;
using System.Net;
using Goodhart.Hub.Names;
using Goodhart.Hub.Requests;

namespace Goodhart.Hub.Pulling;

/// <summary>Fetches one file of a commit into the cache's blobs, going on where an earlier try or run stopped.</summary>
/// <remarks>The caller holds the blob's lock. The file is written beside its place and renamed once its hash is right.</remarks>
internal sealed class BlobDownload(HubClient client, HubName name, string commit, RepoFile file, string blobs, IPullObserver observer)
{
    private readonly string partial = Path.Combine(blobs, file.Hash + ".incomplete");

    /// <exception cref="HubUnavailableException">It did not come, or not as the hub describes it.</exception>
    public async Task RunAsync(CancellationToken cancel)
    {
        bool isWhole = false;
        for (int attempt = 0, restarts = 0; !isWhole;)
        {
            long before = Have();
            isWhole = await FetchAsync(cancel).ConfigureAwait(false);
            if (isWhole)
            {
                string hash = await BlobHash.OfAsync(partial, file.Hash, file.Size, cancel).ConfigureAwait(false);
                if (hash == file.Hash)
                {
                    break;
                }

                File.Delete(partial);
                isWhole = false;
                if (before == 0 || restarts++ > 0)
                {
                    throw new HubUnavailableException(
                        $"{name}: {file.Path}: expected the hash {file.Hash}, found {hash}; what came is deleted. Run the same "
                            + "command again; "
                        + "if it happens again, something on the way (a proxy, a mirror) changes the file.");
                }

                continue;   // what an earlier run left was not of this file
            }

            attempt = Have() > before ? 0 : attempt + 1;
            if (attempt > RetryRule.Most)
            {
                throw new HubUnavailableException(
                    $"{name}: {file.Path} breaks off at byte {before} of {file.Size}, again and again: run the same command later, which "
                        + "goes on there.");
            }

            await client.PauseAsync($"{file.Path} broke off", RetryRule.Pause(attempt), cancel).ConfigureAwait(false);
        }

        File.Move(partial, Path.Combine(blobs, file.Hash), overwrite: true);
    }

    /// <summary>Bytes that are there; a file that is longer than it should be is none of ours.</summary>
    private long Have()
    {
        FileInfo found = new(partial);
        if (found.Exists && found.Length > file.Size)
        {
            found.Delete();
        }

        found.Refresh();
        return found.Exists ? found.Length : 0;
    }

    /// <returns>Whether the file has its whole length now.</returns>
    private async Task<bool> FetchAsync(CancellationToken cancel)
    {
        long have = Have();
        observer.Fetching(file.Path, file.Size, have);
        if (have == file.Size && File.Exists(partial))
        {
            return true;
        }

        Uri address = client.At($"{name.Place}/resolve/{commit}/{string.Join('/', file.Path.Split('/').Select(Uri.EscapeDataString))}");
        using HttpResponseMessage response = await client.GetAsync(name, address, file.Path, have, cancel).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            File.Delete(partial);
            return false;
        }

        bool isPart = response.StatusCode == HttpStatusCode.PartialContent;
        bool isPacked = response.Content.Headers.ContentEncoding.Contains("gzip");   // not asked for, but some proxies do it
        if (isPart && (isPacked || response.Content.Headers.ContentRange?.From != have))
        {
            File.Delete(partial);   // not the part that was asked for
            return false;
        }

        await using FileStream target = new(
            partial, isPart ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0, useAsync: true);
        await using Stream body = await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
        await using Stream plain = isPacked ? new GZipStream(body, CompressionMode.Decompress) : body;
        try
        {
            return await CopyAsync(plain, target, isPart ? have : 0, cancel).ConfigureAwait(false);
        }
        catch (IOException full) when (DiskSpace.IsFull(full))
        {
            throw DiskSpace.Full(blobs, full);
        }
    }

    /// <summary>Until the end, a longer silence or a cut.</summary>
    private async Task<bool> CopyAsync(Stream source, FileStream target, long length, CancellationToken cancel)
    {
        byte[] buffer = new byte[1 << 17];
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        while (true)
        {
            int count;
            patience.CancelAfter(client.Patience);
            try
            {
                count = await source.ReadAsync(buffer, patience.Token).ConfigureAwait(false);
            }
            catch (Exception cut) when (!cancel.IsCancellationRequested
                && cut is IOException or HttpRequestException or InvalidDataException or OperationCanceledException)
            {
                return false;
            }

            if (count == 0)
            {
                return length == file.Size;
            }

            length += count;
            if (length > file.Size)
            {
                throw new HubUnavailableException(
                    $"{name}: {file.Path}: expected {file.Size} bytes, found more: something on the way (a proxy, a mirror) "
                        + "changes the file.");
            }

            await target.WriteAsync(buffer.AsMemory(0, count), cancel).ConfigureAwait(false);
            observer.Received(count);
        }
    }
}
