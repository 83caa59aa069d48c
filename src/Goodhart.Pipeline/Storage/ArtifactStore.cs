using System.Text.Json;

namespace Goodhart.Pipeline;

/// <summary>The folder <c>steps/</c>: one folder per artifact, there whole or not at all.</summary>
/// <remarks>
/// An artifact is written to <c>NAME-KEY.partial-…</c>, flushed and renamed. Whatever is left of a killed process carries the partial name,
/// and is removed when the next run, or the next attempt at that step, starts. Only <see cref="UnfinishedLines"/> outlive their step's
/// interruption.
/// </remarks>
internal sealed class ArtifactStore(string directory)
{
    public const string ResultFile = "result.json";
    public const string RecordFile = "step.json";
    private const string PartialInfix = ".partial-";

    private readonly string steps = Path.Combine(directory, "steps");

    public string FolderOf(StepIdentity identity) => Path.Combine(steps, identity.Folder);

    /// <summary>The record of a stored artifact; null where there is none.</summary>
    /// <exception cref="InvalidDataException">The artifact is there but damaged.</exception>
    public StepRecord? Find(StepIdentity identity)
    {
        string folder = FolderOf(identity);
        if (!Directory.Exists(folder))
        {
            return null;
        }

        StepRecord record = Record(folder);
        foreach (StoredFile file in record.Files.Where(file => !record.Pruned.Contains(file.Name)))
        {
            FileInfo found = new(Path.Combine(folder, file.Name));
            if (!found.Exists && Record(folder).Pruned.Contains(file.Name))
            {
                return Find(identity);   // pruned since the record was read: a new one says so before the file goes
            }

            if (!found.Exists || found.Length != file.Bytes)
            {
                string state = found.Exists ? $"has {found.Length}" : "is missing";
                throw Damaged(folder, $"{file.Name} should have {file.Bytes} bytes and {state}");
            }
        }

        return record;
    }

    /// <summary>The stored result as JSON.</summary>
    public byte[] ReadBytes(StepIdentity identity)
    {
        string folder = FolderOf(identity);
        return Directory.Exists(folder)
            ? Guarded(folder, ResultFile, File.ReadAllBytes)
            : throw new InvalidDataException($"There is no artifact {folder} yet. Run the study first.");
    }

    public T Parse<T>(StepIdentity identity, byte[] json) => Guarded(FolderOf(identity), ResultFile, _ => ResultJson.Read<T>(json));

    public string CreatePartial(StepIdentity identity) =>
        Directory.CreateDirectory(PartialOf(FolderOf(identity))).FullName;

    /// <summary>Makes a finished artifact visible. Where there is one already the first counts, and this is thrown away.</summary>
    /// <param name="remade">The artifact was made again, for files that were pruned of the stored one: it gets them back.</param>
    /// <returns>The record as stored.</returns>
    /// <exception cref="IOException">Another attempt took this one for dead and removed files of it; nothing is stored.</exception>
    public StepRecord Publish(StepIdentity identity, string partial, byte[] result, StepRecord record, bool remade)
    {
        string folder = FolderOf(identity);
        UnfinishedLines.CopyInto(partial, folder);
        if (File.Exists(Path.Combine(partial, ResultFile)) || File.Exists(Path.Combine(partial, RecordFile)))
        {
            throw new InvalidOperationException($"A step may not write {ResultFile} or {RecordFile}: these names are the store's own.");
        }

        AtomicFile.WriteDurably(Path.Combine(partial, ResultFile), result);
        record = record with { Files = PartialFiles.FlushAndHash(partial) };
        if (TryMove(partial, folder, record))
        {
            RequireWhole(identity, folder);
        }
        else if (remade)
        {
            record = Restore(folder, partial, record.Files);
        }
        else
        {
            Directory.Delete(partial, recursive: true);
            record = Record(folder);
        }

        UnfinishedLines.Remove(folder);
        return record;
    }

    /// <summary>An attempt that was suspended for longer than a lease lives may have lost files while it went on.</summary>
    private void RequireWhole(StepIdentity identity, string folder)
    {
        try
        {
            Find(identity);
        }
        catch (InvalidDataException cause)
        {
            Directory.Delete(folder, recursive: true);
            throw new IOException($"{identity.Folder}: files of this attempt went while it ran; run the same command again.", cause);
        }
    }

    /// <summary>False where the artifact is there: another attempt may have stored it, this very moment too.</summary>
    private static bool TryMove(string partial, string folder, StepRecord record)
    {
        if (Directory.Exists(folder))
        {
            return false;
        }

        AtomicFile.WriteDurably(Path.Combine(partial, RecordFile), record.ToJson());
        try
        {
            Directory.Move(partial, folder);
            return true;
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            return false;
        }
    }

    /// <summary>Deletes a disposable file (or folder of files).</summary>
    /// <remarks>The record says so first: killed in between, a file is left over until the next call, and none is missed.</remarks>
    public void Prune(StepIdentity identity, string file)
    {
        string folder = FolderOf(identity);
        StepRecord record = Record(folder);
        string[] going = [.. record.Files.Select(stored => stored.Name).Where(name => FileNeed.Covers(file, name))];
        if (going.Except(record.Pruned).Any())
        {
            Rewrite(folder, record with { Pruned = [.. record.Pruned.Union(going)] });
        }

        foreach (string path in going.Select(name => Path.Combine(folder, name)).Where(File.Exists))
        {
            File.Delete(path);
        }
    }

    /// <summary>Removes what killed processes left. Only under the folder's lock.</summary>
    public void RemovePartials()
    {
        Directory.CreateDirectory(steps);
        foreach (string partial in Directory.EnumerateDirectories(steps, $"*{PartialInfix}*"))
        {
            // A step that runs by itself is no matter of this run's lock.
            if (!Lease.IsLive(partial[..partial.LastIndexOf(PartialInfix, StringComparison.Ordinal)]))
            {
                Directory.Delete(partial, recursive: true);
            }
        }

        foreach (string lease in Directory.EnumerateFiles(steps, "*" + Lease.Suffix))
        {
            if (!Lease.IsLive(lease[..^Lease.Suffix.Length]))
            {
                File.Delete(lease);
            }
        }

        UnfinishedLines.RemoveStored(steps);
        foreach (string partial in Directory.EnumerateFiles(steps, $"*{PartialInfix}*"))
        {
            File.Delete(partial);
        }
    }

    /// <summary>What killed attempts at one step left. Only under its lease.</summary>
    public void RemovePartials(StepIdentity identity)
    {
        foreach (string partial in Directory.EnumerateDirectories(steps, identity.Folder + PartialInfix + "*"))
        {
            Directory.Delete(partial, recursive: true);
        }
    }

    private static string PartialOf(string folder) => $"{folder}{PartialInfix}{Guid.NewGuid().ToString("N")[..8]}";

    /// <summary>The new record is written beside the artifact, so that a killed process leaves nothing inside it.</summary>
    private static void Rewrite(string folder, StepRecord record) =>
        AtomicFile.WriteAllBytes(Path.Combine(folder, RecordFile), PartialOf(folder), record.ToJson());

    private static StepRecord Restore(string folder, string partial, StoredFile[] made)
    {
        StepRecord record = Record(folder);
        foreach (StoredFile file in record.Files.Where(file => file.Name != ResultFile))   // a result may hold times, files may not
        {
            if (!made.Contains(file))
            {
                throw new InvalidDataException(
                    $"Making {file.Name} of {folder} again gave other bytes: it was first made on '{record.Machine}', and this machine " +
                    "computes other bits. Continue there, or delete the folder to redo it here with all that depends on it.");
            }
        }

        foreach (string name in record.Pruned)
        {
            string destination = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(destination)!);
            File.Move(Path.Combine(partial, name), destination, overwrite: true);
        }

        record = record with { Pruned = [] };
        Rewrite(folder, record);
        Directory.Delete(partial, recursive: true);
        return record;
    }

    private static StepRecord Record(string folder) =>
        Guarded(folder, RecordFile, path => StepRecord.FromJson(File.ReadAllBytes(path)));

    private static T Guarded<T>(string folder, string file, Func<string, T> read)
    {
        try
        {
            return read(Path.Combine(folder, file));
        }
        catch (Exception cause)
            when (cause is JsonException or NotSupportedException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw Damaged(folder, $"{file}: {cause.Message}", cause);
        }
    }

    private static InvalidDataException Damaged(string folder, string what, Exception? cause = null) => new(
        $"The artifact {folder} is damaged ({what}). Delete this folder and run the same command again: it is then made anew.", cause);
}
