namespace Goodhart.Models.HuggingFace;

/// <summary>The tokens that end a response, as a model's folder names them.</summary>
public static class EndTokens
{
    /// <summary>All of config.json's and generation_config.json's, where there are such files; of an adapter those of its base.</summary>
    /// <param name="folder">A model's, an adapter's, or a tokenizer's alone.</param>
    /// <exception cref="InvalidDataException">A file is no JSON object, or names no token ids.</exception>
    public static IReadOnlyList<int> Of(string folder) =>
    [
        .. FilesOf(folder).SelectMany(file => new ConfigFields(file, JsonFile.ReadObject(file)).TokenIds("eos_token_id", absent: null))
            .Distinct(),
    ];

    /// <summary>The files that say so.</summary>
    /// <exception cref="DirectoryNotFoundException">An adapter's base is missing.</exception>
    public static IEnumerable<string> FilesOf(string folder)
    {
        string own = ModelFolder.BaseOf(folder);
        return ((string[])[FolderFiles.Config, FolderFiles.GenerationConfig]).Select(name => Path.Combine(own, name)).Where(File.Exists);
    }

    /// <summary>A response up to the first token that ends it.</summary>
    public static ReadOnlySpan<int> Before(ReadOnlySpan<int> response, IReadOnlyList<int> ends)
    {
        int end = response.IndexOfAny([.. ends]);
        return end < 0 ? response : response[..end];
    }
}
