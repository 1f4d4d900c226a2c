using System.Text;

namespace Osapi.Agent.Files.Templates;

/// <summary>A writer into memory with a limit.</summary>
/// <param name="budget">The budget of the rendering.</param>
/// <param name="isOutput">False for an intermediate text, which counts together with all others.</param>
internal sealed class BoundedWriter(TemplateBudget budget, bool isOutput) : TextWriter
{
    private readonly StringBuilder text = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Append([value]);

    public override void Write(string? value) => Append(value);

    public override void Write(char[] buffer, int index, int count) => Append(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Append(buffer);

    public override Task WriteAsync(char value)
    {
        Append([value]);
        return Task.CompletedTask;
    }

    public override Task WriteAsync(string? value)
    {
        Append(value);
        return Task.CompletedTask;
    }

    public override Task WriteAsync(char[] buffer, int index, int count)
    {
        Append(buffer.AsSpan(index, count));
        return Task.CompletedTask;
    }

    public override Task WriteAsync(ReadOnlyMemory<char> buffer, CancellationToken cancellationToken = default)
    {
        Append(buffer.Span);
        return Task.CompletedTask;
    }

    public override Task FlushAsync() => Task.CompletedTask;

    public override string ToString() => text.ToString();

    private void Append(ReadOnlySpan<char> value)
    {
        budget.CountStep();
        TemplateBudget.RequireCharacters(text.Length + (long)value.Length);
        if (!isOutput)
            budget.AddText(value.Length);
        text.Append(value);
    }
}
