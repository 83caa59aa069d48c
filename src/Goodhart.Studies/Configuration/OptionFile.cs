namespace Goodhart.Studies.Configuration;

/// <summary>What a command's option takes.</summary>
public enum OptionKind
{
    /// <summary>A text, or a list of texts.</summary>
    Text,

    /// <summary>A whole number, 0 or more.</summary>
    Whole,

    Number,

    /// <summary>true or false.</summary>
    Flag,
}

/// <param name="Name">As configuration files spell it: learningRate.</param>
public sealed record OptionKey(string Name, OptionKind Kind);

/// <param name="Values">As they would stand on the command line.</param>
/// <param name="Place">File, line and column.</param>
public sealed record OptionValue(string Name, IReadOnlyList<string> Values, string Place);

/// <summary>The options of a command as a YAML file: strict, like a study file, about names and types.</summary>
public static class OptionFile
{
    /// <param name="command">In messages: "sft".</param>
    /// <returns>The options that the file gives, in the order of <paramref name="keys"/>.</returns>
    /// <exception cref="StudyFileException">Not YAML, an unknown key or a value of another type; the message lists every
    /// mistake.</exception>
    /// <exception cref="FileNotFoundException">No such file.</exception>
    public static IReadOnlyList<OptionValue> Read(string path, string command, IReadOnlyList<OptionKey> keys)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"no file {path}; --config takes a YAML file with the options of {command}.", path);
        }

        StudyDocument document = StudyDocument.Parse(
            path, File.ReadAllText(path), $"options of {command} ({string.Join(", ", keys.Take(3).Select(key => key.Name))}, ...)");
        MappingReader reader = new(document, document.Root, "");
        OptionValue[] values =
            [
                .. keys.Where(key => reader.Has(key.Name))
                    .Select(key => new OptionValue(key.Name, Values(reader, key), reader.PlaceOf(key.Name))),
            ];
        reader.Close(command);
        document.ThrowIfWrong();
        return values;
    }

    private static IReadOnlyList<string> Values(MappingReader reader, OptionKey key) => key.Kind switch
    {
        OptionKind.Whole => [FormattableString.Invariant($"{reader.Read(key.Name, ValueRule.Seed, 0UL)}")],
        OptionKind.Number => [FormattableString.Invariant($"{reader.Read(key.Name, ValueRule.AnyNumber, 0):R}")],
        OptionKind.Flag => [reader.Read(key.Name, ValueRule.OneOf(["true", "false"]), "false")],
        _ => reader.Texts(key.Name),
    };
}
