using System.Security.Cryptography;
using System.Text;

namespace Goodhart.Pipeline;

/// <summary>Data from outside the study.</summary>
/// <remarks>It enters a key as the SHA-256 of its content: moving it changes nothing, editing it does.</remarks>
public abstract class ExternalInput
{
    private readonly Lazy<string> sha256;

    private protected ExternalInput(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        sha256 = new(Hash);
    }

    public string Path { get; }

    /// <summary>Of the content, 64 hexadecimal digits; read once, when first asked for.</summary>
    public string Sha256 => sha256.Value;

    private protected abstract string Hash();

    private protected static string HashFile(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}

/// <summary>A file the user names.</summary>
public sealed class InputFile(string path) : ExternalInput(path)
{
    private protected override string Hash() => File.Exists(Path)
        ? HashFile(Path)
        : throw new FileNotFoundException($"{Path}: no such file. Check the path, which is relative to the current folder.", Path);
}

/// <summary>A folder the user names, e.g. a model: the names and contents of all files in it but README.md, which tells people of it and
/// changes nothing.</summary>
/// <param name="standsOn">Another folder without whose content this one means nothing; null: none.</param>
public sealed class InputFolder(string path, string? standsOn = null) : ExternalInput(path)
{
    private protected override string Hash()
    {
        if (!Directory.Exists(Path))
        {
            throw new DirectoryNotFoundException($"{Path}: no such folder. Check the path, which is relative to the current folder.");
        }

        IEnumerable<string> lines = Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories)
            .Select(file => (Name: System.IO.Path.GetRelativePath(Path, file).Replace('\\', '/'), File: file))
            .Where(entry => entry.Name != "README.md")
            .OrderBy(entry => entry.Name, StringComparer.Ordinal)
            .Select(entry => $"{HashFile(entry.File)}  {entry.Name}\n");
        string below = standsOn is null ? "" : $"{new InputFolder(standsOn).Sha256}  ..\n";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines) + below)));
    }
}
