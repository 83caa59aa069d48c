using System.Globalization;
using Goodhart.Serve.Watching;

namespace Goodhart.Serve.Answers;

/// <summary>How far a client's knowledge goes, as text that it gives back: INSTANCE.GENERATION.VERSION.</summary>
internal static class Moment
{
    public static string Write(string instance, StudyMoment moment) =>
        string.Create(CultureInfo.InvariantCulture, $"{instance}.{moment.Generation}.{moment.Version}");

    /// <summary>Null where it is none of this process, or none at all: the client knows nothing that counts.</summary>
    public static StudyMoment? Read(string instance, string? text) =>
        text?.Split('.') is [{ } of, { } generation, { } version] && of == instance
        && int.TryParse(generation, NumberStyles.None, CultureInfo.InvariantCulture, out int known)
        && long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out long seen)
            ? new StudyMoment(known, seen)
            : null;
}
