using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Goodhart.Evaluation.Judges.Chat;

/// <summary>The JSON of a request. All but the messages is the same for every question, and made once.</summary>
internal sealed class ChatBody
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly string model;
    private readonly JsonObject fields;
    private readonly bool hasMessages;

    public ChatBody(ChatEndpoint endpoint)
    {
        model = endpoint.Model;
        fields = new JsonObject { ["model"] = model, ["messages"] = null, ["temperature"] = 0, ["max_tokens"] = endpoint.ReplyTokens };
        foreach ((string name, JsonNode? value) in endpoint.Request ?? [])
        {
            fields.Remove(name);
            if (value is not null)
            {
                fields[name] = value.DeepClone();
            }
        }

        hasMessages = fields.TryGetPropertyValue("messages", out JsonNode? messages) && messages is null;
    }

    public ByteArrayContent Of(string? system, string user)
    {
        ArrayBufferWriter<byte> buffer = new(2 * user.Length);
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            foreach ((string name, JsonNode? value) in fields)
            {
                writer.WritePropertyName(name);
                if (hasMessages && name == "messages")
                {
                    WriteMessages(writer, system, user);
                }
                else
                {
                    value!.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        }

        return new ByteArrayContent(buffer.WrittenMemory.ToArray()) { Headers = { ContentType = Json } };
    }

    private static void WriteMessages(Utf8JsonWriter writer, string? system, string user)
    {
        writer.WriteStartArray();
        if (system is not null)
        {
            WriteMessage(writer, "system", system);
        }

        WriteMessage(writer, "user", user);
        writer.WriteEndArray();
    }

    private static void WriteMessage(Utf8JsonWriter writer, string role, string content)
    {
        writer.WriteStartObject();
        writer.WriteString("role", role);
        writer.WriteString("content", content);
        writer.WriteEndObject();
    }
}
