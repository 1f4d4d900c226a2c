using YamlDotNet.Core;

namespace Osapi.Plans.Yaml;

/// <summary>A node of a YAML file with its position.</summary>
internal abstract class YamlNode(Mark start)
{
    public Mark Start => start;

    /// <summary>The number of levels below this node, including aliases.</summary>
    public virtual int Height => 0;

    /// <summary>The number of nodes, including this one and aliases.</summary>
    public virtual long Size => 1;
}

/// <summary>A scalar: text, or a number, a boolean or null when it is written without quotes.</summary>
internal sealed class YamlScalar(Mark start, string text, bool plain, bool typed = false) : YamlNode(start)
{
    public string Text => text;

    public bool IsPlain => plain;

    /// <summary>True when a tag, such as <c>!!int</c>, determines the type of a plain scalar.</summary>
    public bool IsTyped => typed;

    /// <summary>The text, cut to a readable length for problems.</summary>
    public string Excerpt => text.Length <= 80 ? text : text[..77] + "...";

    /// <summary>True for null (YAML 1.2 core schema).</summary>
    public bool IsNull => plain && text is "" or "~" or "null" or "Null" or "NULL";
}

/// <summary>A sequence.</summary>
internal sealed class YamlList(Mark start, IReadOnlyList<YamlNode> items) : YamlNode(start)
{
    public IReadOnlyList<YamlNode> Items => items;

    public override int Height { get; } = 1 + items.Select(item => item.Height).DefaultIfEmpty(-1).Max();

    public override long Size { get; } = 1 + items.Sum(item => item.Size);
}

/// <summary>A mapping; its keys are unique.</summary>
internal sealed class YamlMapping(Mark start, IReadOnlyList<(YamlScalar Key, YamlNode Value)> members) : YamlNode(start)
{
    public IReadOnlyList<(YamlScalar Key, YamlNode Value)> Members => members;

    public override int Height { get; } = 1 + members.Select(member => member.Value.Height).DefaultIfEmpty(-1).Max();

    public override long Size { get; } = 1 + members.Sum(member => member.Value.Size);

    public YamlNode? Find(string name) => members.FirstOrDefault(member => member.Key.Text == name).Value;
}
