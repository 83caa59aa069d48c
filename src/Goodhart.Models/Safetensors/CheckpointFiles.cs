using System.Diagnostics.CodeAnalysis;

namespace Goodhart.Models.Safetensors;

/// <summary>The weights of a checkpoint folder: a single <c>model.safetensors</c>, or an index with its shards.</summary>
public sealed class CheckpointFiles : IDisposable
{
    public const string SingleFileName = "model.safetensors";

    private readonly List<SafetensorsReader> files;
    private readonly Dictionary<string, SafetensorsReader> fileOf = new(StringComparer.Ordinal);

    private CheckpointFiles(List<SafetensorsReader> files)
    {
        this.files = files;
        foreach (SafetensorsReader file in files)
        {
            foreach (TensorEntry tensor in file.Tensors)
            {
                if (!fileOf.TryAdd(tensor.Name, file))
                {
                    throw new InvalidDataException(
                        $"{file.Path}: tensor '{tensor.Name}': expected it in one file, found it in {fileOf[tensor.Name].Path} too.");
                }
            }
        }
    }

    /// <summary>All tensors of all files.</summary>
    public IEnumerable<TensorEntry> Tensors => this.files.SelectMany(file => file.Tensors);

    /// <summary>Opens the single file if there is one, else the shards its index names.</summary>
    /// <exception cref="FileNotFoundException">Neither is there, or a shard is missing.</exception>
    /// <exception cref="InvalidDataException">A file breaks the format, or index and shards disagree.</exception>
    public static CheckpointFiles Open(string folder)
    {
        string single = Path.Combine(folder, SingleFileName);
        string index = Path.Combine(folder, ShardIndex.FileName);
        if (File.Exists(single))
        {
            return Open([single], check: null);
        }

        if (!File.Exists(index))
        {
            throw new FileNotFoundException(
                $"{folder}: expected {SingleFileName} or {ShardIndex.FileName}, found {WhatIsThere(folder)}. "
                + "Other formats (pytorch_model.bin) must be saved as safetensors first.", single);
        }

        Dictionary<string, string> shardOf = ShardIndex.Read(index);
        string[] shards = [.. shardOf.Values.Distinct().Order(StringComparer.Ordinal).Select(name => Path.Combine(folder, name))];
        foreach (string shard in shards.Where(shard => !File.Exists(shard)))
        {
            throw new FileNotFoundException($"{index}: expected the shard {Path.GetFileName(shard)} beside it, found no such file.", shard);
        }

        return Open(shards, files => CheckIndex(index, shardOf, files));
    }

    /// <summary>The name of the file by which a folder's weights are opened; null where it has none.</summary>
    public static string? FindIn(string folder) =>
        Array.Find([SingleFileName, ShardIndex.FileName], name => File.Exists(Path.Combine(folder, name)));

    /// <summary>A single file of any name.</summary>
    /// <exception cref="FileNotFoundException">No such file.</exception>
    /// <exception cref="InvalidDataException">It breaks the format.</exception>
    public static CheckpointFiles OpenFile(string path) => File.Exists(path)
        ? Open([path], check: null)
        : throw new FileNotFoundException($"{path}: expected this file, found none.", path);

    public bool TryFind(string name, [NotNullWhen(true)] out TensorEntry? tensor)
    {
        tensor = fileOf.TryGetValue(name, out SafetensorsReader? file) ? file.Find(name) : null;
        return tensor is not null;
    }

    /// <summary>The file that holds a tensor, for messages.</summary>
    public string PathOf(string name) => FileOf(name).Path;

    /// <inheritdoc cref="SafetensorsReader.ReadF32(string, Span{float})"/>
    public void ReadF32(string name, Span<float> destination) => FileOf(name).ReadF32(name, destination);

    /// <inheritdoc cref="SafetensorsReader.ReadF32(string, long, Span{float})"/>
    public void ReadF32(string name, long start, Span<float> destination) => FileOf(name).ReadF32(name, start, destination);

    /// <inheritdoc cref="SafetensorsReader.ReadBytes"/>
    public void ReadBytes(string name, Span<byte> destination) => FileOf(name).ReadBytes(name, destination);

    public void Dispose() => this.files.ForEach(file => file.Dispose());

    private SafetensorsReader FileOf(string name) => fileOf.TryGetValue(name, out SafetensorsReader? file)
        ? file
        : throw new InvalidDataException(
            $"expected a tensor '{name}' in {Listing.Of(this.files.Select(f => f.Path))}, found {fileOf.Count} others.");

    private static CheckpointFiles Open(IEnumerable<string> paths, Action<CheckpointFiles>? check)
    {
        List<SafetensorsReader> files = [];
        try
        {
            files.AddRange(paths.Select(SafetensorsReader.Open));
            CheckpointFiles checkpoint = new(files);
            check?.Invoke(checkpoint);
            return checkpoint;
        }
        catch
        {
            files.ForEach(file => file.Dispose());
            throw;
        }
    }

    private static void CheckIndex(string index, Dictionary<string, string> shardOf, CheckpointFiles files)
    {
        foreach ((string name, string shard) in shardOf)
        {
            string found = files.fileOf.TryGetValue(name, out SafetensorsReader? file) ? Path.GetFileName(file.Path) : "no file";
            if (found != shard)
            {
                throw new InvalidDataException($"{index}: tensor '{name}': expected it in {shard}, found it in {found}.");
            }
        }

        string[] unlisted = [.. files.fileOf.Keys.Where(name => !shardOf.ContainsKey(name))];
        if (unlisted.Length > 0)
        {
            throw new InvalidDataException($"{index}: expected every tensor of the shards listed, found none of {Listing.Of(unlisted)}.");
        }
    }

    private static string WhatIsThere(string folder) => !Directory.Exists(folder)
        ? "no such folder"
        : Directory.EnumerateFileSystemEntries(folder).Select(entry => Path.GetFileName(entry)).ToArray() is { Length: > 0 } names
            ? Listing.Of(names.Order(StringComparer.Ordinal))
            : "an empty folder";
}
