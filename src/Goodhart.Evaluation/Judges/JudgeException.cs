namespace Goodhart.Evaluation.Judges;

/// <summary>Judging failed; the message says where, why and what to do, and never holds a key.</summary>
public sealed class JudgeException : Exception
{
    public JudgeException(string message)
        : base(message)
    {
    }

    public JudgeException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
