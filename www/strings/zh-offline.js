/** Words about working without the network, new versions, and what a house sets, in Chinese; see `zh.js`. */

/** @type {import('./t.js').Table} */
export const offline = {
  'offline.title': '可离线使用',
  'offline.short.ready': '可离线使用',
  'offline.short.loading': '正在准备离线使用',
  'offline.short.none': '仅可联网使用',
  'offline.short.failed': '仅可联网使用',
  'offline.short.update': '新版本',
  'offline.ready': '已可离线使用：没有网络也能再次打开本页面，即使浏览器曾被关闭。',
  'offline.loading': '正在准备离线使用：已下载 {done} / {total}。',
  'offline.beginning': '正在准备离线使用。',
  'offline.none':
    '本页面在此无法离线使用：浏览器不为其保存任何内容（隐私窗口，或页面未使用 https）。有网络时一切正常。',
  'offline.failed': '本页面尚不能离线使用：从服务器收到的内容不完整。有网络时一切正常；下次加载页面时会再次尝试。',
  'offline.models': '无需网络即可使用的模型',
  'offline.wish.all': '全部（{size}）',
  'offline.wish.all.title': '将本页面附带的所有模型保存在这台计算机上',
  'offline.wish.used': '仅使用过的',
  'offline.wish.used.title': '模型使用过后即保存在这台计算机上；其余模型需要网络',
  'offline.model.here': '{title}：已就绪，{size}',
  'offline.model.away': '{title}：需要网络，{size}',
  'offline.what':
    '本页面的组成部分及其模型保存在浏览器为本页面提供的存储空间中，每一项都经过完整性检查。其中不包括您的图像。',
  'offline.update.waits': '本页面的新版本已就绪。',
  'offline.update.taken': '另一个标签页已启用本页面的新版本。',
  'offline.update.kept':
    '仅在您要求时才会加载，绝不自动加载。加载前会先保存您的会话，并在新版本中恢复；训练从最近一次验证处继续。',
  'offline.update.notKept': '仅在您要求时才会加载，绝不自动加载。此会话不会被保存：请先保存需要的标注和模型。',
  'offline.take': '加载新版本',
  'offline.taking': '正在加载…',

  'house.broken':
    '本页面的设置文件 config.json 不是有效的 JSON，在修正之前不予采用（{why}）。在此之前，未经询问不会保存任何内容。',
  'house.noObject':
    '本页面的设置文件 config.json 必须是花括号中的一个对象，现不予采用。在此之前，未经询问不会保存任何内容。',
  'house.unknown': 'config.json 中的“{name}”在此没有意义。可用的有：{known}。',
  'house.wrong': 'config.json 中的“{name}”必须是{what}。该项不予采用。',
  'house.must.keep': '"keep"、"ask" 或 "forget"',
  'house.must.keepDays': '大于 0 且不超过 3650 的天数',
  'house.must.languages': '语言列表，例如 ["en", "de"]',
  'house.must.models': '以标识列出的模型列表，例如 ["nuclei"]',
  'house.must.defaultModel': '花括号中按成像模态给出的模型标识，例如 "US": "fetal-head"',
  'house.must.notice': '不超过 1000 个字符的文本',
  'house.model': 'config.json 中指定了本页面未附带的模型：{id}。',
};
