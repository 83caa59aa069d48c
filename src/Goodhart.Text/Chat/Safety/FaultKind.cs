namespace Goodhart.Text.Chat.Safety;

/// <summary>What went wrong in a chat template.</summary>
public enum FaultKind
{
    /// <summary>The template is no template: it fails when it is loaded.</summary>
    Syntax,

    /// <summary>A thing that is not there was used.</summary>
    Undefined,

    /// <summary>A value of the wrong kind.</summary>
    Type,

    /// <summary>A value of the right kind that cannot be used here.</summary>
    Value,

    /// <summary>A division by zero, or a number that is too large.</summary>
    Arithmetic,

    /// <summary>Something that templates may not do.</summary>
    Security,

    /// <summary>The template itself refused the conversation, by <c>raise_exception</c>: the message is the template's.</summary>
    Raised,

    /// <summary>A bound on work, text or depth was reached.</summary>
    Limit,

    /// <summary>Jinja that exists, but that this interpreter does not know.</summary>
    Unsupported,
}
