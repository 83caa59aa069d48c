namespace Goodhart.Cli.Verbs;

/// <summary>Files and folders that appear under their name only when they are whole, and replace nothing unasked.</summary>
internal static class DataOutput
{
    /// <param name="force">Replaces an existing file.</param>
    /// <param name="write">May close the stream.</param>
    /// <exception cref="InvalidDataException">Something of that name exists.</exception>
    public static void File(string path, bool force, Action<Stream> write)
    {
        if (Directory.Exists(path) || (System.IO.File.Exists(path) && !force))
        {
            throw new InvalidDataException(
                $"{path} exists already; name another file{(Directory.Exists(path) ? "" : ", or replace it with --force")}.");
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (System.IO.File.Exists(folder) || !Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException(
                $"{path}: expected a folder {folder} to write the file into, found {(System.IO.File.Exists(folder) ? "a file" : "none")}; "
                + "make it, or name another place.");
        }

        string aside = $"{path}.tmp-{Guid.NewGuid():N}";
        try
        {
            using (FileStream stream = new(aside, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
            }

            System.IO.File.Move(aside, path, overwrite: force);
        }
        catch
        {
            System.IO.File.Delete(aside);
            throw;
        }
    }

    /// <param name="write">Gets the folder to fill.</param>
    /// <exception cref="InvalidDataException">The folder exists and is not empty, or is a file.</exception>
    public static void Folder(string path, Action<string> write)
    {
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (System.IO.File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
        {
            throw new InvalidDataException($"{target} exists and is not an empty folder. Name a new folder, or delete this one.");
        }

        string aside = $"{target}.tmp-{Guid.NewGuid():N}";
        try
        {
            Directory.CreateDirectory(aside);
            write(aside);
            if (Directory.Exists(target))
            {
                Directory.Delete(target);
            }

            Directory.Move(aside, target);
        }
        catch
        {
            if (Directory.Exists(aside))
            {
                Directory.Delete(aside, recursive: true);
            }

            throw;
        }
    }
}
