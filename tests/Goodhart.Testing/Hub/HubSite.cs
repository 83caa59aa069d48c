using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Hub.Names;

namespace Goodhart.Testing.Hub;

/// <summary>
/// What the stand-in for the hub knows, and how it answers: the programming interface, files, and the storage of large ones.
/// </summary>
internal sealed class HubSite(string hub, string storage)
{
    private const int PageLength = 3;

    public string Hub { get; } = hub;

    public string Storage { get; } = storage;

    public List<HubRepository> Repositories { get; } = [];

    public HubAnswer Answer(HubRequest request)
    {
        if ($"http://{request.Host}" == Storage)
        {
            return Stored(request);
        }

        if (request.Token is { } token && token is not (HubTokens.Admitted or HubTokens.Stranger))
        {
            return HubAnswer.Error(401, "", "Invalid credentials in Authorization header");
        }

        string[] parts = request.Path.TrimStart('/').Split('/');
        return parts switch
        {
            ["api", "resolve-cache", var kind, .. var rest] => Content(request, Find(kind, rest, out string[] tail), tail),
            ["api", "models" or "datasets", .. var rest] => Api(request, Find(parts[1], rest, out string[] tail), tail),
            ["datasets", .. var rest] => File(request, Find("datasets", rest, out string[] tail), tail),
            _ => File(request, Find("models", parts, out string[] tail), tail),
        };
    }

    private HubRepository? Find(string kind, string[] parts, out string[] rest)
    {
        RepoKind wanted = kind == "datasets" ? RepoKind.Dataset : RepoKind.Model;
        HubRepository? found = Repositories.Find(repository => repository.Kind == wanted
            && parts.AsSpan().StartsWith(repository.Id.Split('/')));
        rest = found is null ? [] : parts[found.Id.Split('/').Length..];
        return found;
    }

    private HubAnswer Api(HubRequest request, HubRepository? repository, string[] rest)
    {
        if (Elsewhere(request, repository) is { } elsewhere)
        {
            return elsewhere;
        }

        // The revision is one part of the path: slashes in it are encoded.
        if (repository!.Resolve(Uri.UnescapeDataString(rest[1])) is not { } commit)
        {
            return HubAnswer.Error(404, "RevisionNotFound", $"Invalid rev id: {rest[1]}");
        }

        return rest[0] == "revision"
            ? Json(
                new JsonObject
                {
                    ["id"] = repository.Id,
                    ["sha"] = commit,
                    ["private"] = repository.Access == HubAccess.Private,
                    ["disabled"] = false,
                })
            : Tree(request, repository, commit);
    }

    private HubAnswer Tree(HubRequest request, HubRepository repository, string commit)
    {
        IReadOnlyDictionary<string, byte[]> files = repository.FilesOf(commit);
        JsonObject[] entries =
        [
            .. files.Keys.Where(path => path.Contains('/', StringComparison.Ordinal))
                .Select(path => path[..path.LastIndexOf('/')]).Distinct()
                .Select(
                    folder => new JsonObject { ["type"] = "directory", ["oid"] = new string('d', 40), ["size"] = 0, ["path"] = folder }),
            .. files.Select(file => Entry(file.Key, file.Value)),
        ];
        int start = request.Query.Split('&').FirstOrDefault(part => part.StartsWith("cursor=", StringComparison.Ordinal)) is { } cursor
            ? int.Parse(cursor["cursor=".Length..], CultureInfo.InvariantCulture)
            : 0;
        HubAnswer page = Json(new JsonArray([.. entries.Skip(start).Take(PageLength)]));
        return start + PageLength < entries.Length
            ? page.With(
                "Link",
                string.Create(
                    CultureInfo.InvariantCulture, $"<{Hub}{request.Path}?recursive=true&cursor={start + PageLength}>; rel=\"next\""))
            : page;
    }

    private static JsonObject Entry(string path, byte[] content)
    {
        JsonObject entry = new()
        {
            ["type"] = "file",
            ["oid"] = HubRepository.GitHash(HubRepository.IsLarge(path) ? [1, 2, 3] : content),
            ["size"] = content.Length,
            ["path"] = path,
        };
        if (HubRepository.IsLarge(path))
        {
            entry["lfs"] = new JsonObject
            {
                ["oid"] = HubRepository.HashOf(path, content),
                ["size"] = content.Length,
                ["pointerSize"] = 134,
            };
            entry["xetHash"] = new string('e', 64);
        }

        return entry;
    }

    /// <summary>What is told of a file: where it is, and by which hash it is known.</summary>
    private HubAnswer File(HubRequest request, HubRepository? repository, string[] rest)
    {
        if (Elsewhere(request, repository) is { } elsewhere)
        {
            return elsewhere;
        }

        if (repository!.Access == HubAccess.Gated && request.Token != HubTokens.Admitted)
        {
            return HubAnswer.Error(request.Token is null ? 401 : 403, "GatedRepo", "Access to this repository is restricted");
        }

        string path = Uri.UnescapeDataString(string.Join('/', rest[2..]));
        if (repository.Resolve(rest[1]) is not { } commit || !repository.FilesOf(commit).TryGetValue(path, out byte[]? content))
        {
            return HubAnswer.Error(404, "EntryNotFound", "Entry not found");
        }

        string hash = HubRepository.HashOf(path, content);
        if (!HubRepository.IsLarge(path))
        {
            string kind = repository.Kind == RepoKind.Dataset ? "datasets" : "models";
            return new HubAnswer(307, "Temporary Redirect").With("X-Repo-Commit", commit)
                .With("Location", $"/api/resolve-cache/{kind}/{repository.Id}/{commit}/{string.Join('/', rest[2..])}?etag=%22{hash}%22");
        }

        return new HubAnswer(302, "Found. Redirecting").With("X-Repo-Commit", commit)
            .With("ETag", "\"of-the-redirect\"").With("X-Linked-Etag", $"\"{hash}\"")
            .With("X-Linked-Size", content.Length.ToString(CultureInfo.InvariantCulture)).With("X-Xet-Hash", new string('e', 64))
            .With("Link", $"<{Hub}/api/xet>; rel=\"xet-auth\"").With("Location", $"{Storage}/xet/{hash}?signature=good");
    }

    private static HubAnswer Content(HubRequest request, HubRepository? repository, string[] rest)
    {
        byte[] content = repository!.FilesOf(rest[0])[Uri.UnescapeDataString(string.Join('/', rest[1..]))];
        return request.Query == $"etag=%22{HubRepository.GitHash(content)}%22"
            ? Part(request, content).With("ETag", $"W/\"{HubRepository.GitHash(content)}\"").With("X-Repo-Commit", rest[0])
            : HubAnswer.Error(400, "", "no etag in the address");
    }

    private HubAnswer Stored(HubRequest request)
    {
        if (request.Token is not null)
        {
            return HubAnswer.Error(400, "", "a token was sent to the storage");
        }

        byte[]? content = Repositories.SelectMany(repository => repository.AllFiles)
            .FirstOrDefault(file => request.Path == $"/xet/{HubRepository.HashOf(file.Key, file.Value)}").Value;
        return content is null ? new HubAnswer(404, "no such object")
            : request.Query == "signature=good" ? Part(request, content).With("ETag", "\"of-the-storage\"")
            : new HubAnswer(403, "expired");
    }

    private static HubAnswer Part(HubRequest request, byte[] content) => request.From switch
    {
        null => new HubAnswer(200, content),
        { } from when from >= content.Length => new HubAnswer(416, ""),
        { } from => new HubAnswer(206, content[(int)from..])
            .With("Content-Range", string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{content.Length - 1}/{content.Length}")),
    };

    /// <summary>Under another name, or, as a private repository looks to others, not there.</summary>
    private static HubAnswer? Elsewhere(HubRequest request, HubRepository? repository) => repository switch
    {
        { MovedTo: { } moved } =>
            new HubAnswer(307, "").With("Location", request.Target.Replace(repository.Id, moved, StringComparison.Ordinal)),
        { } when repository.Access != HubAccess.Private || request.Token == HubTokens.Admitted => null,
        _ => HubAnswer.Error(request.Token is null ? 401 : 404, "RepoNotFound", "Repository not found"),
    };

    private static HubAnswer Json(JsonNode body) =>
        new HubAnswer(200, body.ToJsonString(JsonSerializerOptions.Default)).With("Content-Type", "application/json; charset=utf-8");
}
