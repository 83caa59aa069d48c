namespace Goodhart.Text.Datasets.Conversations;

/// <summary>
/// Anthropic's HH layout: each turn is an empty line, "Human: " or "Assistant: ", and the text. A prompt ends with "\n\nAssistant:" and a
/// response begins with its space. A system message, which HH has not, is a turn "System: ", and
/// what a tool answers a turn "Tool: ".
/// </summary>
public record PlainDialogue : TurnTemplate
{
    public override string Name => "plain";

    public override string Cue => "\n\nAssistant:";

    public override string Turn(Message message) => message.Speaker switch
    {
        Speaker.Assistant => Cue + Reply(Text(message)),
        Speaker.User => $"\n\nHuman: {Text(message)}",
        Speaker.Tool => $"\n\nTool: {Text(message)}",
        _ => $"\n\nSystem: {Text(message)}",
    };

    public override string Reply(string content) => $" {content}";
}
